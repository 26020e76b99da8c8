"""A shipped template as one piece: its frame, its blocks and the shared macros it calls, joined when it is compiled.

Used by letters/environment. Jinja2 looks up parents and imported files anew at each render, for a tenth of a
letter's time; the shipped files need none of what that allows. A frame's blocks stand at its top level, names are
constants, an import has no alias, and nothing is included; a file that breaks this is refused when it is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from jinja2 import TemplateAssertionError, nodes

Load = Callable[[str], nodes.Template]  # the tree of another file, not joined
_UNJOINED = (nodes.Extends, nodes.Block, nodes.FromImport, nodes.Import, nodes.Include)


def joined(tree: nodes.Template, load: Load) -> nodes.Template:
    """The same template without any reference to others; `tree` is changed."""
    frame, blocks, body = None, {}, []
    for node in tree.body:
        if isinstance(node, nodes.Extends):
            frame = load(_constant(node.template))
        elif isinstance(node, nodes.FromImport):
            body += _macros(load(_constant(node.template)), {name for name in node.names if isinstance(name, str)})
        elif isinstance(node, nodes.Block):
            blocks[node.name] = node
        elif not (frame and isinstance(node, nodes.Output)):  # what stands between the blocks is shown nowhere
            body.append(node)
    tree.body = [*body, *(_filled(frame.body, blocks) if frame else ())]
    if left := next(tree.find_all(_UNJOINED), None):
        raise TemplateAssertionError("a shipped template cannot do this", left.lineno)
    return tree


def _filled(frame: Sequence[nodes.Node], blocks: dict[str, nodes.Block]) -> Iterator[nodes.Node]:
    for node in frame:
        if isinstance(node, nodes.Block):
            yield nodes.Scope(blocks.get(node.name, node).body, lineno=node.lineno, environment=node.environment)
        else:
            yield node


def _macros(tree: nodes.Template, names: set[str]) -> list[nodes.Node]:
    """The macros of these names and those they call, which stand before them."""
    kept: list[nodes.Node] = []
    for macro in reversed(list(tree.find_all(nodes.Macro))):
        if macro.name in names:
            kept.insert(0, macro)
            names |= {each.name for each in macro.find_all(nodes.Name)}
    return kept


def _constant(name: nodes.Expr) -> str:
    return str(name.as_const())
