package io.sightmill.tuning.scenes;

import io.sightmill.tuning.DataFileException;
import io.sightmill.tuning.LineFile;
import io.sightmill.tuning.captions.CaptionFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.LongPredicate;

/**
 * Writes scenes into a directory: images, captions with boxes, symbols. A scene is in both files or
 * in neither, its image is there before; killed at any moment, the next run goes on behind the last
 * whole scene. Used by one thread.
 */
public final class SceneWriter {

    private final SceneFiles files;
    private final SceneDescription description;
    private final SceneGenerator generator;
    private final ScenePainter painter;
    private final PngEncoder encoder = new PngEncoder();

    /**
     * Makes the directory if need be.
     *
     * @throws DataFileException if it holds scenes of another kind
     */
    public SceneWriter(Path directory, SceneDescription description) {
        this.files = new SceneFiles(directory);
        this.description = description;
        this.generator = new SceneGenerator(description.options());
        this.painter = new ScenePainter(description.size());
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new DataFileException(directory, "cannot be made: " + e, e);
        }
        description.claim(files.description());
    }

    /**
     * Writes the scenes that are missing.
     *
     * @param count how many there shall be
     * @param goesOn is told how many there are, and asked whether to go on
     * @return how many there are
     */
    public long write(long count, LongPredicate goesOn) {
        try (LineFile captions = new LineFile(files.captions());
                LineFile symbols = new LineFile(files.symbols())) {
            long done = Math.min(captions.lines(), symbols.lines());
            captions.keep(done);
            symbols.keep(done);
            while (goesOn.test(done) && done < count) {
                write(done, captions, symbols);
                done++;
            }
            return done;
        }
    }

    private void write(long index, LineFile captions, LineFile symbols) {
        String id = SceneFiles.id(index);
        String image = SceneFiles.image(index);
        Scene scene = generator.scene(SceneSeed.training(description.seed(), index));
        writeImage(files.root().resolve(image), encoder.encode(painter.paint(scene)));
        captions.append(CaptionFile.line(SceneCaptions.of(scene, id, image)));
        symbols.append(SymbolLine.of(scene, id, image));
    }

    private static void writeImage(Path file, byte[] content) {
        Path unfinished = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.createDirectories(file.getParent());
            Files.write(unfinished, content);
            Files.move(
                    unfinished,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new DataFileException(file, "cannot be written: " + e, e);
        }
    }
}
