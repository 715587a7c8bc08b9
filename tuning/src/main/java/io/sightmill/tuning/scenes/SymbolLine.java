package io.sightmill.tuning.scenes;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.tuning.captions.Box;
import io.sightmill.tuning.captions.DrawnShape;
import io.sightmill.tuning.captions.WrittenText;

/** What is true of a scene, as one JSON object: for whoever wants to check a model. */
final class SymbolLine {

    private SymbolLine() {}

    static String of(Scene scene, String id, String image) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("id", id).put("image", image).put("seed", scene.seed().toString());
        object.put("background", scene.tone().word());
        object.putArray("shapes");
        for (int index = 0; index < scene.shapes().size(); index++) {
            put(
                    object.withArray("shapes").addObject(),
                    scene.shapes().get(index),
                    scene.visible(index));
        }
        scene.text().ifPresent(text -> put(object.putObject("text"), text));
        return object.toString();
    }

    private static void put(ObjectNode object, DrawnShape shape, double visible) {
        object.put("shape", shape.shape().word()).put("colour", shape.colour().word());
        object.put("texture", shape.texture().word()).put("size", shape.size().word());
        put(object, shape.box());
        object.put("visible", Math.rint(visible * 1000) / 1000);
    }

    private static void put(ObjectNode object, WrittenText text) {
        object.put("kind", text.noun()).put("written", text.text());
        object.put("colour", text.colour().word());
        put(object, text.box());
    }

    private static void put(ObjectNode object, Box box) {
        object.putArray("box").add(box.left()).add(box.top()).add(box.right()).add(box.bottom());
    }
}
