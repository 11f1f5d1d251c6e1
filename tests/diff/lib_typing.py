"""typing: forms, their text, origins, arguments, errors."""
import typing
from typing import *
from _show import err, show

# typing
T = TypeVar("T")
K = TypeVar("K", bound=int)


class Gen(Generic[T]):
    pass


class Two(Gen[int], Generic[T, K]):
    pass


class TD(TypedDict, total=False):
    a: Required[int]
    b: str


class NT(NamedTuple):
    a: int
    b: str = "d"


class Proto(Protocol):
    def m(self) -> int:
        ...


@runtime_checkable
class RP(Protocol):
    x: int


for t in (List[int], Dict[str, int], Optional[int], Union[int, str, int], Callable[[int], str], Callable[..., int], Tuple[int, ...], Tuple[()], Literal[1, "a"], Type[int], Gen[int], Two[str, int], ClassVar[int], Final[int], Annotated[int, "meta"], Any, NoReturn, T, K, list[int], dict[str, list[int]], tuple[int, ...], int | str, int | None, type[int], Iterable[T], Deque[int], Optional[T], Union[int], list[T], TD, NT, Proto, Concatenate, ParamSpec("PS"), NewType("UserId", int), ForwardRef("x"), Self, LiteralString, Never, Unpack[tuple[int]], Generator[int, str, bool], AsyncIterator[int], Pattern[str], Hashable, SupportsInt):
    print(t, get_origin(t), get_args(t), getattr(t, "__parameters__", None))
show(list[T][int], Dict[T, T][str], Union[T, str][int], (int | str) == Union[int, str], isinstance(5, int | str), issubclass(bool, int | str), list[int] == list[int], hash(list[int]) == hash(list[int]), list[int]([1]), list[int].__origin__, list[int].__args__, repr(list["X"]), int | list[str], None | int, type(int | str))
for f in (lambda: isinstance([], list[int]), lambda: isinstance(5, List[int]), lambda: List[int, str], lambda: Optional[1, 2], lambda: Union[()], lambda: int | 5, lambda: Gen[int, str], lambda: T(), lambda: class_sub(), lambda: Literal, lambda: Callable[int], lambda: Any(), lambda: isinstance(1, Proto), lambda: list[int][str], lambda: cast(), lambda: get_type_hints(5), lambda: TypeVar("X", int), lambda: Generic[int], lambda: Union[int]()):
    err(f)


def hinted(a: "int", b: Optional["str"] = None, *c: T) -> "list[int]":
    pass


show(get_type_hints(hinted), get_type_hints(NT), get_type_hints(TD), TD.__required_keys__, TD.__optional_keys__, TD(a=1), NT(1), NT._field_defaults, NT.__annotations__, isinstance(type("X", (), {"x": 1})(), RP), cast(int, "x"), overload(hinted) is not None, final(Gen).__final__, Gen[int]().__orig_class__, Gen.__parameters__, Two.__orig_bases__, is_typeddict(TD), TYPE_CHECKING, no_type_check(hinted) is hinted, assert_type(1, int), reveal_type if False else "")
