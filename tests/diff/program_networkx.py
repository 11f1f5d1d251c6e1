# NetworkX: graphs made, searched, measured, written and read.
# time: 90
# asan: no (a large program; the parts of it are tested by themselves)
import io

import networkx as nx

g = nx.karate_club_graph()
print(g, nx.density(g), nx.diameter(g), nx.is_connected(g))
print(sorted(dict(g.degree()).items(), key=lambda p: (-p[1], p[0]))[:5])
print(nx.shortest_path(g, 16, 26), nx.average_shortest_path_length(g))
print({k: round(v, 6) for k, v in nx.betweenness_centrality(g).items()})
print({k: round(v, 6) for k, v in nx.closeness_centrality(g).items()})
print(sorted(map(sorted, nx.community.greedy_modularity_communities(g))))
print(sorted(nx.minimum_spanning_tree(nx.Graph([(1, 2, {"weight": 3}), (2, 3, {"weight": 1}), (1, 3, {"weight": 1})])).edges(data=True)))
d = nx.DiGraph([("shirt", "tie"), ("tie", "jacket"), ("trousers", "shoes"), ("trousers", "belt"), ("belt", "jacket")])
print(list(nx.lexicographical_topological_sort(d)), nx.is_directed_acyclic_graph(d), nx.dag_longest_path(d))
print(nx.dijkstra_path(nx.grid_2d_graph(6, 6), (0, 0), (5, 5)))
flow = nx.DiGraph()
flow.add_edge("s", "a", capacity=3.0)
flow.add_edge("s", "b", capacity=2.0)
flow.add_edge("a", "t", capacity=2.0)
flow.add_edge("b", "t", capacity=3.0)
flow.add_edge("a", "b", capacity=1.0)
print(nx.maximum_flow(flow, "s", "t"))
r = nx.gnm_random_graph(300, 900, seed=7)
print(nx.number_connected_components(r), sorted(map(len, nx.connected_components(r)))[-3:], nx.transitivity(r), sum(nx.triangles(r).values()))
print(sorted(nx.core_number(r).values())[-5:])
out = io.BytesIO()
nx.write_graphml(nx.path_graph(3), out)
print(out.getvalue().decode())
print(*nx.generate_gml(nx.relabel_nodes(nx.cycle_graph(3), str)), sep="\n")
print(nx.node_link_data(nx.star_graph(3)), nx.to_dict_of_lists(nx.petersen_graph()))
print(nx.is_isomorphic(nx.petersen_graph(), nx.generalized_petersen_graph(5, 2)) if hasattr(nx, "generalized_petersen_graph") else "-")
try:
    nx.shortest_path(nx.Graph([(1, 2), (3, 4)]), 1, 3)
except nx.NetworkXNoPath as error:
    print(type(error).__name__, error)
