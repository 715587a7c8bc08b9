package io.sightmill.ingest.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes through folders depth first and by name, one step at a time: {@link Files#walk} keeps no
 * order, and flatMap holds all of a folder's files when its result is iterated.
 */
final class FolderWalk extends Spliterators.AbstractSpliterator<Path> {

    private static final Logger LOG = LoggerFactory.getLogger(FolderWalk.class);

    /** What is left of the folders on the way down; the deepest first. */
    private final Deque<Iterator<Path>> levels = new ArrayDeque<>();

    FolderWalk(List<Path> named) {
        super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
        levels.push(named.iterator());
    }

    @Override
    public boolean tryAdvance(Consumer<? super Path> action) {
        while (!levels.isEmpty()) {
            Iterator<Path> level = levels.peek();
            if (!level.hasNext()) {
                levels.pop();
                continue;
            }
            Path entry = level.next();
            if (!Files.isDirectory(entry) || !descend(entry)) {
                action.accept(entry);
                return true;
            }
        }
        return false;
    }

    private boolean descend(Path folder) {
        try {
            levels.push(ImageFolder.list(folder).iterator());
            return true;
        } catch (IOException exception) {
            LOG.warn("cannot list {}", folder, exception);
            return false;
        }
    }
}
