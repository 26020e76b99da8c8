"""A shipped template as one piece: its frame, its blocks and the shared macros it calls, joined when it is compiled.

Used by letters/environment. Jinja2 looks up parents and imported files anew at each render and calls a macro as a
function, for a fifth of a letter's time; the shipped files need none of what that allows. A frame's blocks stand at
its top level, names are constants, an import has no alias, no macro calls itself or is called within an expression,
and nothing is included; a file that breaks this is refused when it is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from jinja2 import TemplateAssertionError, nodes
from jinja2.visitor import NodeTransformer

Load = Callable[[str], nodes.Template]  # the tree of another file, not joined: it is read, and what is taken is copied
_UNJOINED = (nodes.Extends, nodes.Block, nodes.FromImport, nodes.Import, nodes.Include, nodes.Macro, nodes.CallBlock)


def joined(tree: nodes.Template, load: Load) -> nodes.Template:
    """The same template without any reference to others; `tree` is changed."""
    frame, blocks, body = None, {}, []
    macros: dict[str, nodes.Macro] = {}
    named: dict[str, nodes.Macro] = {}  # those of them that the template itself asks for
    for node in tree.body:
        if isinstance(node, nodes.Extends):
            frame = _copied(load(_constant(node.template)))
        elif isinstance(node, nodes.FromImport):
            there = load(_constant(node.template)).body
            found = {macro.name: macro for macro in there if isinstance(macro, nodes.Macro)}
            macros |= found
            named |= {str(name): found[name] for name in node.names if name in found}
        elif isinstance(node, nodes.Block):
            blocks[node.name] = node
        elif not (frame and isinstance(node, nodes.Output)):  # what stands between the blocks is shown nowhere
            body.append(node)
    tree.body = [*body, *(_filled(frame.body, blocks) if frame else ())]
    _Written(named, macros).visit(tree)
    if left := next((node for node in every(tree) if _unjoined(node, named)), None):
        raise TemplateAssertionError("a shipped template cannot do this", left.lineno)
    return tree


def every(tree: nodes.Node) -> Iterator[nodes.Node]:
    """Each node in the order it is written. Jinja2's `find_all` goes through a generator for each node above it."""
    left = [tree]
    while left:
        yield (node := left.pop())
        left.extend(reversed([*node.iter_child_nodes()]))


def _filled(frame: Sequence[nodes.Node], blocks: dict[str, nodes.Block]) -> Iterator[nodes.Node]:
    for node in frame:
        if isinstance(node, nodes.Block):
            yield nodes.Scope(blocks.get(node.name, node).body, lineno=node.lineno, environment=node.environment)
        else:
            yield node


class _Written(NodeTransformer):
    """Writes what a macro says where it is called. Its parameters hide names of the block that is handed to it."""

    def __init__(
        self,
        macros: Mapping[str, nodes.Macro],
        within: Mapping[str, nodes.Macro],
        handed: Sequence[nodes.Node] = (),
    ) -> None:
        self._macros = macros
        self._within = within  # what a macro may call: it knows its whole file
        self._handed = handed  # what `caller()` stands for

    def visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> Any:
        return node if isinstance(node, nodes.Expr) else super().visit(node, *args, **kwargs)

    def visit_Output(self, node: nodes.Output) -> list[nodes.Node]:  # noqa: N802 - the name is jinja2's
        written: list[nodes.Node] = []
        for each in node.nodes:
            called = each.node.name if isinstance(each, nodes.Call) and isinstance(each.node, nodes.Name) else ""
            if called == "caller":
                written += self._handed
            elif isinstance(each, nodes.Call) and called in self._macros:
                written.append(self._body(each, self._macros[called], ()))
            elif written and isinstance(written[-1], nodes.Output):
                written[-1].nodes.append(each)
            else:
                written.append(nodes.Output([each], lineno=node.lineno, environment=node.environment))
        return written

    def visit_CallBlock(self, node: nodes.CallBlock) -> nodes.Node:  # noqa: N802 - the name is jinja2's
        handed = [part for each in node.body for part in self.visit_list(each)]
        called = node.call.node
        macro = self._macros.get(called.name) if isinstance(called, nodes.Name) else None
        return self._body(node.call, macro, handed) if macro else node

    def _body(self, call: nodes.Call, macro: nodes.Macro, handed: Sequence[nodes.Node]) -> nodes.Node:
        macro = _copied(macro)  # it is written at each call
        names = [each.name for each in macro.args]
        given = dict(zip(reversed(names), reversed(macro.defaults), strict=False))
        given |= dict(zip(names, call.args, strict=False))
        given |= {each.key: each.value for each in call.kwargs}
        others = {name: each for name, each in self._within.items() if name != macro.name}
        inner = _Written(others, others, handed)
        return nodes.With(
            [nodes.Name(name, "store", lineno=call.lineno) for name in names],
            [given[name] for name in names],
            [part for each in macro.body for part in inner.visit_list(each)],
            lineno=call.lineno,
            environment=call.environment,
        )


def _unjoined(node: nodes.Node, macros: Mapping[str, nodes.Macro]) -> bool:
    return isinstance(node, _UNJOINED) or (isinstance(node, nodes.Name) and node.name in macros)


def _copied(part: Any) -> Any:
    """What copy.deepcopy gives, in a fraction of its time: a tree is nodes, lists and constants."""
    if isinstance(part, list):
        return [_copied(each) for each in part]
    if not isinstance(part, nodes.Node):
        return part
    copy = object.__new__(type(part))
    vars(copy).update((name, _copied(value)) for name, value in vars(part).items())
    return copy


def _constant(name: nodes.Expr) -> str:
    return str(name.as_const())
