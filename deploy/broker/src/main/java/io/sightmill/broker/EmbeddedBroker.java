package io.sightmill.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A real Kafka, one node, in this JVM; it listens on the loopback address only.
 *
 * <p>Its data directory survives restarts, clean or not: what producers were told is written is
 * there again, under the same address unless somebody else took the port. The process may be killed
 * at any moment; a power failure can cost what the operating system had not yet written to disk.
 */
public final class EmbeddedBroker implements AutoCloseable {

    private static final String IDENTITY = "broker.properties";

    private final KafkaRaftServer server;
    private final DirectoryLock lock;
    private final String bootstrapServers;
    private boolean closed;

    private EmbeddedBroker(KafkaRaftServer server, DirectoryLock lock, String bootstrapServers) {
        this.server = server;
        this.lock = lock;
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * Starts the broker and returns when it serves clients.
     *
     * @throws BrokerStartException if the directory is in use by another broker, cannot be written,
     *     or holds something that Kafka cannot go on with
     */
    public static EmbeddedBroker start(BrokerOptions options) {
        Path directory = options.dataDirectory().toAbsolutePath().normalize();
        DirectoryLock lock = null;
        try {
            Files.createDirectories(directory);
            lock = DirectoryLock.acquire(directory);
            return start(options, directory, lock);
        } catch (Exception exception) {
            release(lock, exception);
            throw exception instanceof BrokerStartException known
                    ? known
                    : new BrokerStartException(
                            "cannot start the broker in " + directory + ": " + exception,
                            exception);
        }
    }

    /**
     * Where the broker of a data directory serves clients, if one runs there in this or another
     * process. It may be about to start or to stop: clients retry.
     *
     * @throws BrokerStartException if the directory's identity file is broken
     */
    public static Optional<String> runningIn(Path dataDirectory) {
        Path directory = dataDirectory.toAbsolutePath().normalize();
        try {
            if (!DirectoryLock.isHeld(directory)) {
                return Optional.empty();
            }
            return BrokerIdentity.kept(directory.resolve(IDENTITY)).map(EmbeddedBroker::address);
        } catch (IOException exception) {
            throw new BrokerStartException("cannot look into " + directory, exception);
        }
    }

    private static String address(BrokerIdentity identity) {
        return FreePorts.LOOPBACK.getHostAddress() + ":" + identity.brokerPort();
    }

    private static EmbeddedBroker start(BrokerOptions options, Path directory, DirectoryLock lock)
            throws Exception {
        BrokerIdentity identity = BrokerIdentity.of(directory.resolve(IDENTITY));
        Path logDirectory = directory.resolve("log");
        Properties properties = BrokerConfiguration.of(options, identity, logDirectory);
        format(identity, logDirectory);
        KafkaRaftServer server =
                new KafkaRaftServer(KafkaConfig.fromProps(properties), Time.SYSTEM);
        startUp(server);
        return new EmbeddedBroker(server, lock, address(identity));
    }

    /** Does nothing to a directory that is formatted already. */
    private static void format(BrokerIdentity identity, Path logDirectory) throws Exception {
        Files.createDirectories(logDirectory);
        try (PrintStream nowhere =
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(nowhere)
                    .setNodeId(BrokerConfiguration.NODE_ID)
                    .setClusterId(identity.clusterId())
                    .setControllerListenerName(BrokerConfiguration.CONTROLLER_LISTENER)
                    .addDirectory(logDirectory.toString())
                    .setMetadataLogDirectory(logDirectory.toString())
                    .setIgnoreFormatted(true)
                    .run();
        }
    }

    /**
     * Kafka halts the JVM when its controller fails to start. Here, and on this thread only, the
     * halt is left out, so that Kafka goes on to clean up and to throw what happened. A fault on
     * any other thread halts as ever. The lock is for the one place a JVM has for this.
     */
    private static void startUp(KafkaRaftServer server) {
        synchronized (EmbeddedBroker.class) {
            Thread starting = Thread.currentThread();
            Exit.setHaltProcedure(
                    (status, message) -> {
                        if (Thread.currentThread() != starting) {
                            Runtime.getRuntime().halt(status);
                        }
                    });
            try {
                server.startup();
            } catch (RuntimeException | Error exception) {
                server.shutdown();
                throw exception;
            } finally {
                Exit.resetHaltProcedure();
            }
        }
    }

    private static void release(DirectoryLock lock, Exception exception) {
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (IOException closing) {
            exception.addSuppressed(closing);
        }
    }

    /** Where clients connect: host and port. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /**
     * Creates those of the topics that do not exist and returns when all can be used. Topics that
     * exist stay as they are, whatever their settings. May be called by many at once.
     */
    public void createTopics(Collection<NewTopic> topics) {
        TopicCreation.createMissing(bootstrapServers, topics);
    }

    /** Stops cleanly; may be called more than once. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            server.shutdown();
            server.awaitShutdown();
        } finally {
            closeLock();
        }
    }

    private void closeLock() {
        try {
            lock.close();
        } catch (IOException exception) {
            throw new UncheckedIOException("cannot release the broker's directory", exception);
        }
    }
}
