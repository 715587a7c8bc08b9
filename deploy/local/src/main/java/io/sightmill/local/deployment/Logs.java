package io.sightmill.local.deployment;

import java.nio.file.Path;
import org.apache.logging.log4j.core.config.Configurator;

/** Where log lines go. */
final class Logs {

    private Logs() {}

    /** From now on into this file, which rolls; standard error is left to the command. */
    static void into(Path file) {
        System.setProperty("sightmill.log", file.toString());
        Configurator.initialize(null, "classpath:log4j2-deployment.xml");
        Configurator.reconfigure();
    }
}
