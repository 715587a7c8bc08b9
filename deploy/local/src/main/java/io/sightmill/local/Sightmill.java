package io.sightmill.local;

import io.sightmill.broker.BrokerStartException;
import io.sightmill.engine.ModelLoadException;
import io.sightmill.ingest.IngestStartException;
import io.sightmill.local.command.AskCommand;
import io.sightmill.local.command.BenchCommand;
import io.sightmill.local.command.CaptionCommand;
import io.sightmill.local.command.ChaosCommand;
import io.sightmill.local.command.CommandFailedException;
import io.sightmill.local.command.InspectCommand;
import io.sightmill.local.command.MakeCheckpointCommand;
import io.sightmill.local.command.TopicsCommand;
import io.sightmill.local.command.TransactionsCommand;
import io.sightmill.local.command.TuneCommand;
import io.sightmill.local.command.VerifyEngineCommand;
import io.sightmill.local.command.VerifyModelCommand;
import io.sightmill.local.deployment.DataDirectoryException;
import io.sightmill.tuning.DataFileException;
import java.util.Set;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/** The command line. Exit codes: 0 done, 1 failed, 2 wrong usage. */
@Command(
        name = "sightmill",
        description = "Streams of images with instructions in, streams of answers out.",
        mixinStandardHelpOptions = true,
        version = "sightmill 0.1.0",
        subcommands = {
            CaptionCommand.class,
            AskCommand.class,
            VerifyModelCommand.class,
            VerifyEngineCommand.class,
            InspectCommand.class,
            MakeCheckpointCommand.class,
            TopicsCommand.class,
            TransactionsCommand.class,
            TuneCommand.class,
            BenchCommand.class,
            ChaosCommand.class
        })
public final class Sightmill {

    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    /** Their messages are written for the person who typed the command. */
    private static final Set<Class<? extends Exception>> SPEAK_FOR_THEMSELVES =
            Set.of(
                    CommandFailedException.class,
                    ModelLoadException.class,
                    BrokerStartException.class,
                    IngestStartException.class,
                    DataDirectoryException.class,
                    DataFileException.class);

    private Sightmill() {}

    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    /** Runs one command and says how it ended. */
    public static int execute(String... arguments) {
        CommandLine commandLine = new CommandLine(new Sightmill());
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setParameterExceptionHandler(
                (exception, words) ->
                        wrongUsage(exception.getCommandLine(), exception.getMessage()));
        commandLine.setExecutionStrategy(Sightmill::run);
        commandLine.setExecutionExceptionHandler(
                (exception, command, parsed) -> failed(command, exception));
        return commandLine.execute(arguments);
    }

    private static int run(ParseResult parsed) {
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        boolean runsItself = last.commandSpec().userObject() instanceof Callable;
        boolean needsSubcommand = !runsItself && !last.commandSpec().subcommands().isEmpty();
        if (needsSubcommand && !last.isUsageHelpRequested() && !last.isVersionHelpRequested()) {
            CommandLine command = last.commandSpec().commandLine();
            return wrongUsage(
                    command,
                    "say which command: "
                            + String.join(", ", last.commandSpec().subcommands().keySet()));
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    private static int wrongUsage(CommandLine command, String problem) {
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println(name + ": " + firstLine(problem) + "; see " + name + " --help");
        return WRONG_USAGE;
    }

    private static int failed(CommandLine command, Exception exception) {
        String name = command.getCommandSpec().qualifiedName();
        if (SPEAK_FOR_THEMSELVES.contains(exception.getClass())) {
            command.getErr().println(name + ": " + exception.getMessage());
        } else {
            command.getErr().println(name + ": " + exception);
            LoggerFactory.getLogger(Sightmill.class).error("{} failed", name, exception);
        }
        return FAILED;
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse(text);
    }
}
