package io.sightmill.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports on the loopback address that nobody listens on. */
public final class FreePorts {

    static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    /**
     * Below the range that Linux and Windows take client ports from. A client that keeps dialling a
     * dead broker inside that range can be given the very port as its own: it then talks to itself,
     * and the broker cannot come back.
     */
    private static final int FIRST = 20_000;

    private static final int LAST = 32_000;

    private static final int ATTEMPTS = 1_000;

    private FreePorts() {}

    /** A free port; nothing keeps it free until it is used. */
    public static int choose() {
        return choose(0);
    }

    /** A free port that is not the given one. */
    static int choose(int taken) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            if (port != taken && isFree(port)) {
                return port;
            }
        }
        throw new BrokerStartException(
                "no free port between " + FIRST + " and " + LAST + " on " + LOOPBACK);
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // As the broker does: connections of a killed predecessor may linger on the port.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(LOOPBACK, port));
            return true;
        } catch (IOException occupied) {
            return false;
        }
    }
}
