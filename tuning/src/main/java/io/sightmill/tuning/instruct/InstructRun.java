package io.sightmill.tuning.instruct;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.tuning.DataFileException;
import io.sightmill.tuning.Dice;
import io.sightmill.tuning.JsonLines;
import io.sightmill.tuning.RunDescription;
import io.sightmill.tuning.captions.CaptionFile;
import io.sightmill.tuning.captions.CaptionedImage;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongPredicate;

/**
 * Makes instruction data of a directory with a caption file. What is done is in a journal: killed
 * at any moment, the next run asks for the rest only, and again for what failed. The training files
 * are written from it at the end.
 */
public final class InstructRun {

    private static final String WHAT = "instruction data";
    private static final long PATIENCE_MILLIS = 100;
    private static final long GRACE_SECONDS = 30;

    private final InstructFiles files;
    private final InstructOptions options;
    private final Teacher teacher;
    private final List<SampleKind> kinds;
    private final AtomicReference<RuntimeException> fatal = new AtomicReference<>();
    private volatile boolean isStopping;

    /**
     * @param teacherDescription its options that matter to what it makes
     * @throws DataFileException if the directory holds data of another teacher or seed
     */
    public InstructRun(
            Path directory,
            InstructOptions options,
            Teacher teacher,
            ObjectNode teacherDescription) {
        this.files = new InstructFiles(directory);
        this.options = options;
        this.teacher = teacher;
        this.kinds = options.kinds().stream().sorted(Comparator.naturalOrder()).toList();
        ObjectNode description = teacherDescription.deepCopy().put("seed", options.seed());
        CaptionFile.read(files.captions()).close();
        RunDescription.claim(files.description(), description, WHAT);
    }

    /**
     * Asks the teacher for what is missing and writes the training files.
     *
     * @param goesOn is told after every sample how many there are, failed ones included, and asked
     *     whether to go on; called by the thread that calls this
     * @throws TeacherRefusedException if the teacher turns every picture away; what was made before
     *     is kept
     * @throws DataFileException if a line cannot be read and is not to be passed over
     */
    public InstructReport run(LongPredicate goesOn) throws InterruptedException {
        try (InstructJournal journal = new InstructJournal(files.journal())) {
            boolean isWhole = askAll(journal, goesOn);
            if (fatal.get() != null) {
                throw fatal.get();
            }
            write(journal);
            return journal.report(isWhole);
        }
    }

    private boolean askAll(InstructJournal journal, LongPredicate goesOn)
            throws InterruptedException {
        ExecutorService askers = Executors.newFixedThreadPool(options.concurrency());
        Semaphore places = new Semaphore(2 * options.concurrency());
        long tried = 0;
        try (JsonLines<CaptionedImage> images = CaptionFile.read(files.captions())) {
            Optional<CaptionedImage> image = next(images, journal);
            while (image.isPresent()) {
                for (SampleKind kind : kinds) {
                    int index = index(images.line(), kind);
                    if (!journal.isDone(index)) {
                        if (!takePlace(places, goesOn, tried)) {
                            return false;
                        }
                        CaptionedImage one = image.get();
                        askers.execute(
                                () -> {
                                    try {
                                        ask(one, index, kind, journal);
                                    } finally {
                                        places.release();
                                    }
                                });
                    }
                    tried++;
                }
                image = next(images, journal);
            }
            return finish(askers, goesOn, tried);
        } finally {
            stop(askers);
        }
    }

    /** Asks meanwhile whether to go on: a teacher may take minutes over a sample. */
    private boolean takePlace(Semaphore places, LongPredicate goesOn, long tried)
            throws InterruptedException {
        do {
            if (!goesOn.test(tried) || fatal.get() != null) {
                return false;
            }
        } while (!places.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
        return true;
    }

    private boolean finish(ExecutorService askers, LongPredicate goesOn, long tried)
            throws InterruptedException {
        askers.shutdown();
        do {
            if (!goesOn.test(tried) || fatal.get() != null) {
                return false;
            }
        } while (!askers.awaitTermination(PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
        return true;
    }

    /** What is being asked may come to its end, as it is paid for; what waits does not begin. */
    private void stop(ExecutorService askers) throws InterruptedException {
        isStopping = true;
        askers.shutdown();
        if (!askers.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS)) {
            askers.shutdownNow();
            askers.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        }
    }

    /** By its line, so that it stays what it is when lines are added. */
    private static int index(long line, SampleKind kind) {
        return Math.toIntExact((line - 1) * SampleKind.values().length + kind.ordinal());
    }

    /** The next picture that can be read; empty at the end. */
    private Optional<CaptionedImage> next(
            JsonLines<CaptionedImage> images, InstructJournal journal) {
        while (true) {
            try {
                return Optional.ofNullable(images.next());
            } catch (DataFileException bad) {
                if (!options.skipsBadLines()) {
                    throw bad;
                }
                journal.report(bad.getMessage());
            }
        }
    }

    /** On a thread of its own. Nothing is thrown: it would be lost there. */
    private void ask(CaptionedImage image, int index, SampleKind kind, InstructJournal journal) {
        if (isStopping || fatal.get() != null) {
            return;
        }
        Dice dice = Dice.of(options.seed(), index);
        try {
            Lesson lesson = teacher.teach(image, kind, dice);
            TrainingSample sample =
                    new TrainingSample(
                            image.id() + "-" + kind.key(), image.image(), lesson.exchanges());
            journal.succeeded(index, kind, sample.toJson(dice), lesson.usage());
        } catch (TeachingFailedException failure) {
            journal.failed(
                    index,
                    kind,
                    "%s %s: %s".formatted(image.id(), kind.key(), failure.getMessage()),
                    failure.usage());
        } catch (TeacherRefusedException refusal) {
            fatal.compareAndSet(null, refusal);
            journal.failed(
                    index,
                    kind,
                    "%s %s: %s".formatted(image.id(), kind.key(), refusal.getMessage()),
                    refusal.usage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failure) {
            fatal.compareAndSet(null, failure);
        }
    }

    private void write(InstructJournal journal) {
        Map<SampleKind, TrainingFile> ofKind = new EnumMap<>(SampleKind.class);
        try (TrainingFile all = new TrainingFile(files.allSamples())) {
            for (SampleKind kind : SampleKind.values()) {
                ofKind.put(kind, new TrainingFile(files.samples(kind)));
            }
            journal.read(
                    (kind, entry) -> {
                        if (entry.has("sample")) {
                            ofKind.get(kind).add(entry.get("sample"));
                            all.add(entry.get("sample"));
                        }
                    });
            ofKind.values().forEach(TrainingFile::finish);
            all.finish();
        } finally {
            ofKind.values().forEach(TrainingFile::close);
        }
        writeAlignment(journal);
    }

    /** Of every picture its longest caption, as the answer to a request for a description. */
    private void writeAlignment(InstructJournal journal) {
        try (TrainingFile alignment = new TrainingFile(files.alignment());
                JsonLines<CaptionedImage> images = CaptionFile.read(files.captions())) {
            Optional<CaptionedImage> image = next(images, journal);
            while (image.isPresent()) {
                Dice dice = Dice.of(options.seed(), -images.line());
                String caption =
                        image.get().captions().stream()
                                .max(Comparator.comparingInt(String::length))
                                .orElseThrow();
                Exchange exchange = new Exchange(dice.pick(Descriptions.BRIEF), caption);
                alignment.add(
                        new TrainingSample(image.get().id(), image.get().image(), List.of(exchange))
                                .toJson(dice));
                image = next(images, journal);
            }
            alignment.finish();
        }
    }
}
