"""logging: levels, formats, exceptions, adapters."""
from _show import show
import io
import logging

# logging
out = io.StringIO()
logger = logging.getLogger("app.sub")
h = logging.StreamHandler(out)
h.setFormatter(logging.Formatter("%(levelname)s:%(name)s:%(message)s:%(funcName)s:%(lineno)d"))
logger.addHandler(h)
logger.setLevel(logging.INFO)
logger.propagate = False
logger.debug("hidden")
logger.info("shown %s %d", "a", 5)
logger.warning("map %(k)s", {"k": 1})
try:
    1 / 0
except ZeroDivisionError:
    logger.exception("failed")
logger.log(35, "custom")
logging.addLevelName(35, "CUSTOM")
logger.log(35, "named", extra={"q": 1})
logger.error("bad %s %s", "one") if False else None
logging.LoggerAdapter(logger, {"a": 1}).info("adapter")
f = logging.Formatter("{message} {levelno}", style="{")
show(out.getvalue().replace(__file__, "FILE"), logger.name, logger.parent.name, logger.getEffectiveLevel(), logging.getLevelName(20), logger.isEnabledFor(10), f.format(logging.LogRecord("n", 10, "p", 1, "m %s", ("x",), None)), logging.getLogger("app.sub") is logger, repr(logger), logging.getLogger())
