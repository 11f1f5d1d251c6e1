"""http.server, http.client, urllib, socketserver on the loopback."""
import http.client
import http.server
import socket
import socketserver
import threading
import urllib.request
import xmlrpc.client

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = f"path={self.path} ua={'User-Agent' in self.headers}".encode()
        self.send_response(200 if self.path != "/none" else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))[::-1]
        self.send_response(201)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *a):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
base = f"http://127.0.0.1:{server.server_port}"
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
print(opener.open(base + "/x?q=1").read(), opener.open(base, data=b"abc").read())
try:
    opener.open(base + "/none")
except urllib.error.HTTPError as e:
    print(e, e.code, e.read())
c = http.client.HTTPConnection("127.0.0.1", server.server_port)
c.request("GET", "/again", headers={"X": "1"})
resp = c.getresponse()
print(resp.status, resp.reason, resp.read(), resp.getheader("Content-Length"))
c.close()
server.shutdown()
server.server_close()


class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(self.rfile.readline().upper())


with socketserver.TCPServer(("127.0.0.1", 0), Echo) as s:
    t = threading.Thread(target=s.handle_request)
    t.start()
    with socket.create_connection(s.server_address) as c:
        c.sendall(b"echo\n")
        print(c.recv(10))
    t.join()
print(xmlrpc.client.dumps((1, "a", [2.5]), "m")[:60])
