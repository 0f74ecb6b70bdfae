package io.slsdispatch.connector.client.exchange;

/**
 * There is no direct memory left for a request, such as when many targets take nothing: it is not sent, and may be when
 * others have gone. The heap is not touched, so the process can go on.
 */
final class NoBufferException extends Exception {

    NoBufferException(int length, OutOfMemoryError cause) {
        super(
                "no direct memory for a buffer of " + length + " bytes; if this lasts, give the process more"
                        + " (taskmanager.memory.task.off-heap.size)",
                cause);
    }
}
