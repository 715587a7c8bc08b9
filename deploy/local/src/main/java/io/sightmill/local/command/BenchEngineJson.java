package io.sightmill.local.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.llava.BenchmarkFigure;
import io.sightmill.llava.BenchmarkReport;
import java.util.Locale;

/** The engine's figures for machines: one object, a figure a key. */
final class BenchEngineJson {

    private BenchEngineJson() {}

    static ObjectNode of(BenchmarkReport report) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("model", report.model());
        object.put("precision", report.precision().name().toLowerCase(Locale.ROOT));
        object.put("threads", report.threads());
        ObjectNode figures = object.putObject("figures");
        report.figures().forEach(figure -> put(figures.putObject(figure.key()), figure));
        return object;
    }

    private static void put(ObjectNode object, BenchmarkFigure figure) {
        object.put("what", figure.what());
        object.put("value", figure.value()).put("unit", figure.unit());
        figure.share().ifPresent(share -> object.put("shareOfRoofline", share));
        figure.target()
                .ifPresent(
                        target ->
                                object.put(
                                        target.isLeast() ? "atLeast" : "atMost", target.bound()));
        figure.isReached().ifPresent(reached -> object.put("reached", reached));
    }
}
