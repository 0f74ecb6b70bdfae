package io.slsdispatch.connector.wire;

import java.io.IOException;
import org.apache.flink.annotation.Internal;

/**
 * Bytes that are not a protobuf message. The message says what is wrong and at which byte, never what the bytes are.
 */
@Internal
public final class MalformedLogGroupException extends IOException {

    MalformedLogGroupException(String what, int position) {
        super("malformed log group: " + what + " at byte " + position);
    }
}
