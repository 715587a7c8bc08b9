package io.sightmill.broker.testing;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.testcontainers.DockerClientFactory;

/**
 * Gives tests a real Kafka as a parameter of type {@link KafkaCluster}: Testcontainers' where a
 * Docker engine answers, the embedded broker otherwise.
 *
 * <p>There is one cluster a JVM, started by the first class that needs it; tests keep apart by
 * topic names of their own ({@link KafkaCluster#uniqueName}).
 */
public final class KafkaExtension implements BeforeAllCallback, ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(KafkaExtension.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        cluster(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == KafkaCluster.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return cluster(context);
    }

    private static KafkaCluster cluster(ExtensionContext context) {
        // The root store closes what it holds when the last test of the JVM is done.
        Store store = context.getRoot().getStore(NAMESPACE);
        return store.getOrComputeIfAbsent(
                KafkaCluster.class, key -> new KafkaCluster(start()), KafkaCluster.class);
    }

    private static RunningKafka start() {
        return DockerClientFactory.instance().isDockerAvailable()
                ? ContainerKafka.start()
                : EmbeddedKafka.start();
    }
}
