package io.sightmill.tuning.evaluate;

import io.sightmill.engine.Model;
import io.sightmill.tuning.scenes.PngEncoder;
import io.sightmill.tuning.scenes.Scene;
import io.sightmill.tuning.scenes.SceneGenerator;
import io.sightmill.tuning.scenes.ScenePainter;
import io.sightmill.tuning.scenes.SceneSeed;
import java.awt.image.BufferedImage;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

/**
 * Asks a model about scenes that no training can have seen, and the same about black pictures.
 * Through the engine that serves, so that what is measured is what is served. Used by one thread.
 */
public final class SceneEvaluation {

    private final EvaluationOptions options;
    private final SceneGenerator generator;
    private final ScenePainter painter;
    private final PngEncoder encoder = new PngEncoder();

    public SceneEvaluation(EvaluationOptions options) {
        this.options = options;
        this.generator = new SceneGenerator(options.kind());
        this.painter = new ScenePainter(options.size());
    }

    /**
     * Evaluates a model.
     *
     * @param model stays the caller's
     * @param replies hears every reply
     * @param goesOn is told how many pictures were asked about, of twice the scenes, and asked
     *     whether to go on
     * @return what was found until then
     * @throws EvaluationFailedException if the model cannot be asked
     */
    public EvaluationReport run(Model model, Consumer<Reply> replies, LongPredicate goesOn) {
        try (Respondent respondent = new ModelRespondent(model)) {
            SceneScores[] scores = run(respondent, replies, goesOn);
            return new EvaluationReport(
                    model.description().name(),
                    model.description().weightsSha256(),
                    options.scenes(),
                    options.seed(),
                    scores[0],
                    scores[1]);
        }
    }

    /** Seeing first, then blacked out. */
    SceneScores[] run(Respondent respondent, Consumer<Reply> replies, LongPredicate goesOn) {
        ScoreKeeper seeing = new ScoreKeeper(false, replies);
        ScoreKeeper blind = new ScoreKeeper(true, replies);
        byte[] black =
                encoder.encode(
                        new BufferedImage(
                                options.size(), options.size(), BufferedImage.TYPE_INT_RGB));
        for (long index = 0; index < options.scenes() && goesOn.test(2 * index); index++) {
            Scene scene = generator.scene(SceneSeed.evaluation(options.seed(), index));
            SceneExam exam = SceneExam.of(scene);
            respondent.ask(
                    new Inquiry(
                            "scene " + index,
                            Optional.of(encoder.encode(painter.paint(scene))),
                            exam.asked()),
                    texts -> seeing.mark(exam, texts));
            respondent.ask(
                    new Inquiry("black " + index, Optional.of(black), exam.asked()),
                    texts -> blind.mark(exam, texts));
        }
        respondent.finish();
        goesOn.test(2 * options.scenes());
        return new SceneScores[] {seeing.scores(), blind.scores()};
    }
}
