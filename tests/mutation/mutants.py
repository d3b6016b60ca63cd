"""Mutations of a line: comparisons, arithmetic, logic, constants, returns, conditions, slices, acts."""

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CodeType

Change = Callable[[], ast.AST]

_COMPARED = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_RECKONED = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_CALLED = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change in one function. Its name has both, so that it stays the same when other parts of the file change."""

    name: str
    path: Path
    module: str
    function: str
    line: int
    number: int
    """The number of the change in its file, in the order of the source."""


def find_mutants(path: Path, module: str) -> list[Mutant]:
    seen: Counter[str] = Counter()
    found = []
    for number, (function, line, text, _) in enumerate(_changes(ast.parse(_source_of(path)))):
        name = f"{module.removeprefix('evaluation.')} {function}: {text}"
        seen[name] += 1
        again = f" ({seen[name]})" if seen[name] > 1 else ""
        found.append(Mutant(name + again, path, module, function, line, number))
    return found


@cache
def _source_of(path: Path) -> str:
    """Return the source, read once: a change of the file must not move the mutants that were already counted."""
    return path.read_text()


def code_of(mutant: Mutant) -> CodeType:
    """Return the compiled function with the mutant's change."""
    tree = ast.parse(_source_of(mutant.path))
    change = next(change for number, (*_, change) in enumerate(_changes(tree)) if number == mutant.number)
    change()
    code = compile(ast.fix_missing_locations(tree), str(mutant.path), "exec")
    for name in mutant.function.split("."):
        code = next(const for const in code.co_consts if isinstance(const, CodeType) and const.co_name == name)
    return code


def _changes(tree: ast.Module) -> Iterator[tuple[str, int, str, Change]]:
    """Yield each change in the order of the source: function, line, description, and how to change the tree."""
    for function, node in _functions(tree, ""):
        for place, child, line in _places(node):
            for other in _others(child):
                yield function, line, *_describe(child, other, place)


_NOT_RUN = {"annotation", "returns", "args", "decorator_list", "ctx"}


def _places(node: ast.AST) -> Iterator[tuple["_Place", ast.AST, int]]:
    """Yield every node inside a function that is executed, with its place and line: no types, no docstrings."""
    for name, value in ast.iter_fields(node):
        if name in _NOT_RUN and not isinstance(node, ast.Call):
            continue
        children = value if isinstance(value, list) else [value]
        for at, child in enumerate(children):
            if isinstance(child, ast.AST) and not _is_docstring(child):
                # No test reaches the line of a condition that begins on the next.
                begin = getattr(child, "test", child)
                line = getattr(begin, "lineno", getattr(node, "lineno", 0))
                yield _Place(node, name, at if isinstance(value, list) else None), child, line
                yield from _places(child)


def _describe(child: ast.AST, other: ast.AST, place: "_Place") -> tuple[str, Change]:
    return f"{_source(child)} -> {_source(other)}", lambda: place.put(other)


def _source(node: ast.AST) -> str:
    """Return the source of a node in one line: of a compound statement only its first line."""
    return " ".join(ast.unparse(node).partition(":\n")[0].split())


@dataclass(frozen=True, slots=True)
class _Place:
    parent: ast.AST
    name: str
    at: int | None

    def put(self, node: ast.AST) -> ast.AST:
        if self.at is None:
            setattr(self.parent, self.name, node)
        else:
            getattr(self.parent, self.name)[self.at] = node
        return self.parent


def _functions(tree: ast.AST, inside: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{inside}{node.name}.")
        elif isinstance(node, ast.FunctionDef):
            yield f"{inside}{node.name}", node


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _others(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that can replace a node."""
    match node:
        case ast.Compare(left, [operator], [right]):
            yield from (ast.Compare(left, [other()], [right]) for other in _COMPARED[type(operator)])
        case ast.Compare(left, operators, rights):
            for at, operator in enumerate(operators):
                other = _COMPARED[type(operator)][0]()
                yield ast.Compare(left, [*operators[:at], other, *operators[at + 1 :]], rights)
        case ast.BinOp(left, operator, right) if type(operator) in _RECKONED:
            yield ast.BinOp(left, _RECKONED[type(operator)](), right)
        case ast.AugAssign(target, operator, value) if type(operator) in _RECKONED:
            yield ast.AugAssign(target, _RECKONED[type(operator)](), value)
        case ast.BoolOp(operator, values):
            yield ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), values)
        case ast.UnaryOp(ast.Not() | ast.USub(), operand):
            yield operand
        case ast.Constant(bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(int() as value):
            yield ast.Constant(value + 1)
        case ast.Constant(str() as value) if value:
            yield ast.Constant(value + "?")
        case ast.Return(value) if value is not None and not _is_none(value):
            yield ast.Return(ast.Constant(None))
        case ast.If(test) | ast.IfExp(test) | ast.While(test) if not isinstance(test, ast.Compare | ast.UnaryOp):
            yield type(node)(_not(test), node.body, node.orelse)
        case ast.comprehension(target, source, ifs, is_async) if ifs:
            yield from (ast.comprehension(target, source, ifs[:at] + ifs[at + 1 :], is_async) for at in range(len(ifs)))
        case ast.Slice(lower, upper, step):
            if lower is not None:
                yield ast.Slice(None, upper, step)
            if upper is not None:
                yield ast.Slice(lower, None, step)
        case ast.Call(ast.Name(name), arguments, keywords) if name in _CALLED:
            yield ast.Call(ast.Name(_CALLED[name], ast.Load()), arguments, keywords)
        case ast.Break():
            yield ast.Continue()
        case ast.Continue():
            yield ast.Break()
        case ast.Expr(ast.Call()):
            yield ast.Pass()
        case ast.Set(elements) | ast.List(elements, ast.Load()) if len(elements) > 1:
            for at in range(len(elements)):
                fewer = elements[:at] + elements[at + 1 :]
                yield ast.Set(fewer) if isinstance(node, ast.Set) else ast.List(fewer, ast.Load())


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _not(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), test)
