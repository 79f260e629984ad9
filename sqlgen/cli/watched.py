"""One run over the project's own tree of scripts: repeated from the cache, or rendered and watched for the next one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import fields
from functools import partial
from typing import TYPE_CHECKING

from sqlgen.cli.frame import Settings
from sqlgen.cli.scripts import dialect_names, opened
from sqlgen.config import Config
from sqlgen.records import dataclass, field

if TYPE_CHECKING:
    from sqlgen.cli.progress import Progress
    from sqlgen.project import Project
    from sqlgen.review.cache import Cache, Known
    from sqlgen.review.tree import Tree
    from sqlgen.review.watch import Watch


@dataclass(frozen=True, slots=True)
class _Noting(Settings):
    """Settings whose warnings a watch takes in."""

    watch: Watch | None = None

    def warn(self, text: str) -> None:
        """Tell a warning."""
        told = partial(Settings.warn, self)
        if self.watch is not None:
            self.watch.warned(text, told)
        else:
            told(text)


@dataclass
class Run:
    """A run of ``generate`` or ``check``; one that is not ``cached`` neither reads nor leaves a cache."""

    settings: Settings
    config: Config
    use_env: bool = True
    dialects: tuple[str, ...] = ()
    cached: bool = True
    tree: Tree | None = None
    watch: Watch | None = None
    cache: Cache | None = None
    _end: ExitStack = field(default_factory=ExitStack)

    def known(self) -> Known | None:
        """Return what this run would find, where that is known, and tell its warnings; else None."""
        if not (self.cached and self.config.cache):
            return None
        from sqlgen.review.cache import Cache

        self.cache = Cache.of(self.config, use_env=self.use_env)
        known = self.cache.known()
        for text in known.warnings if known is not None else ():
            self.settings.warn(text)
        return known

    @contextmanager
    def opened(self) -> Iterator[tuple[Project, Progress, list[str]]]:
        """Yield the project, the line that tells where its rendering is, and the dialects, while the block runs."""
        settings = self.settings
        with self._end:
            if self.cache is not None:
                from sqlgen.review.disk import out_folder
                from sqlgen.review.watch import Watch

                self.watch = Watch(str(out_folder(self.config)))
                self._end.enter_context(self.watch.running())
                own = {one.name: getattr(settings, one.name) for one in fields(settings)}
                settings = _Noting(**own, watch=self.watch)
            names = dialect_names(settings, self.config, self.dialects)
            with opened(settings, self.config, use_env=self.use_env) as (project, progress):
                yield project, progress, names

    def rendered(self, project: Project, names: Sequence[str]) -> Tree:
        """Return the tree that the revisions give; what comes after it is not watched. Raises as ``tree.rendered``."""
        from sqlgen.review.tree import rendered

        if self.watch is None:
            return rendered(project, names)
        with self.watch.silent():
            self.tree = rendered(project, names)
        self._end.close()
        return self.tree

    def keep(self) -> None:
        """Leave what was found to the next run: to be called where a check of the tree finds nothing."""
        if self.cache is not None and self.watch is not None and self.tree is not None:
            self.cache.keep(self.watch, self.tree)
