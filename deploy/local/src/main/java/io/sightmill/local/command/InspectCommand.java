package io.sightmill.local.command;

import io.sightmill.llava.ModelInspection;
import io.sightmill.llava.ModelReport;
import io.sightmill.llava.Precision;
import io.sightmill.llava.Resolution;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Says what a checkpoint is, what it needs, and everything that is wrong with it. */
@Command(
        name = "inspect",
        description = {
            "Prints family, shapes, parameters, precision, image tokens and memory of a LLaVA",
            "checkpoint, and all that is wrong with it, without loading it. Ends 1 if anything is."
        },
        mixinStandardHelpOptions = true)
public final class InspectCommand implements Callable<Integer> {

    @Parameters(paramLabel = "MODEL_DIR", description = "A LLaVA checkpoint directory.")
    private Path model;

    @Option(
            names = "--image",
            paramLabel = "WIDTHxHEIGHT",
            converter = ImageSize.class,
            description = "Size in pixels of an image to count the tokens of; may be repeated.")
    private List<Resolution> images = List.of();

    @Option(
            names = "--precision",
            description = "Memory for this one only: ${COMPLETION-CANDIDATES}; default all.")
    private Precision precision;

    @Mixin private LoadMixin load;

    @Option(names = "--json", description = "One JSON object instead of the table.")
    private boolean json;

    /** {@code 640x480} as people write a size: width first. */
    static final class ImageSize implements ITypeConverter<Resolution> {

        private static final Pattern FORM = Pattern.compile("(\\d{1,5})[xX](\\d{1,5})");

        @Override
        public Resolution convert(String text) {
            Matcher size = FORM.matcher(text);
            if (!size.matches()) {
                throw new TypeConversionException("'" + text + "' is no WIDTHxHEIGHT");
            }
            try {
                return new Resolution(
                        Integer.parseInt(size.group(2)), Integer.parseInt(size.group(1)));
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(
                        "'" + text + "' has a side of no or too many pixels");
            }
        }
    }

    @Override
    public Integer call() {
        ModelReport report = report();
        List<ModelReport.Memory> memory =
                report.memory().stream()
                        .filter(each -> precision == null || each.precision() == precision)
                        .toList();
        PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (json) {
            output.println(new InspectJson(report, memory).toJson());
        } else {
            new InspectTable(report, memory).lines().forEach(output::println);
        }
        return report.isSound() ? 0 : 1;
    }

    private ModelReport report() {
        try (LoadingBar bar = json ? LoadingBar.hidden() : LoadingBar.onTerminal()) {
            return new ModelInspection(model, images, load.options()).report(bar);
        }
    }
}
