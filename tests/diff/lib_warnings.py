"""warnings: recording, filters, errors."""
import datetime as dt
import warnings
from _show import err

# warnings
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("always")
    warnings.warn("one")
    warnings.warn("two", DeprecationWarning, stacklevel=1)
    warnings.warn(UserWarning("three"))
print([(x.category.__name__, str(x.message), x.filename.endswith("library_misc.py")) for x in w])
with warnings.catch_warnings():
    warnings.simplefilter("error")
    err(warnings.warn, "raised")
    warnings.filterwarnings("ignore", "quiet.*")
    warnings.warn("quiet please")
print(warnings.formatwarning("m", UserWarning, "f.py", 3, "line"), end="")
err(warnings.warn, 5, 6)
err(warnings.simplefilter, "nonsense")
