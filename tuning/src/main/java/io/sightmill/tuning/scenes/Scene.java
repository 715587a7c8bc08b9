package io.sightmill.tuning.scenes;

import io.sightmill.tuning.captions.DrawnShape;
import io.sightmill.tuning.captions.Thing;
import io.sightmill.tuning.captions.Tone;
import io.sightmill.tuning.captions.WrittenText;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A scene: what is in it and where, whatever the size it is drawn in. Made by a generator. */
public final class Scene {

    private final SceneSeed seed;
    private final Tone tone;
    private final List<SceneShape> shapes;
    private final Optional<SceneText> text;

    Scene(SceneSeed seed, Tone tone, List<SceneShape> shapes, Optional<SceneText> text) {
        this.seed = Objects.requireNonNull(seed, "seed");
        this.tone = Objects.requireNonNull(tone, "tone");
        this.shapes = List.copyOf(shapes);
        this.text = Objects.requireNonNull(text, "text");
    }

    public SceneSeed seed() {
        return seed;
    }

    /** Of the background. */
    public Tone tone() {
        return tone;
    }

    /** In the order they are painted: a later one may cover an earlier one. */
    public List<DrawnShape> shapes() {
        return shapes.stream().map(SceneShape::shape).toList();
    }

    public Optional<WrittenText> text() {
        return text.map(SceneText::text);
    }

    /** Shapes and text. */
    public List<Thing> things() {
        List<Thing> things = new ArrayList<>(shapes());
        text().ifPresent(things::add);
        return things;
    }

    /** Share of the area of shape {@code index} that nothing covers. */
    public double visible(int index) {
        return shapes.get(index).visible();
    }

    List<SceneShape> paintedShapes() {
        return shapes;
    }

    Optional<SceneText> paintedText() {
        return text;
    }
}
