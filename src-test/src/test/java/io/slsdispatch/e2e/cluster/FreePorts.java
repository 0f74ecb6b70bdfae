package io.slsdispatch.e2e.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds ports that nobody uses now, for processes that must be told their port. They lie below the range from which
 * Linux takes the local ports of outgoing connections, so that a port stays free while its process is being restarted.
 */
final class FreePorts {

    private static final int FIRST = 20_000;
    private static final int COUNT = 10_000;
    private static final int TRIES = 200;

    private FreePorts() {}

    /** A free TCP port of 127.0.0.1, drawn at random so that two clusters beside each other do not meet. */
    static int next() {
        for (int i = 0; i < TRIES; i++) {
            int port = FIRST + ThreadLocalRandom.current().nextInt(COUNT);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("No free port of 127.0.0.1 found between %d and %d in %d tries"
                .formatted(FIRST, FIRST + COUNT - 1, TRIES));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
