package io.slsdispatch.connector.wire;

import java.io.IOException;

/** Bytes that are not a protobuf message. Says what is wrong and at which byte, never what the bytes are. */
public final class MalformedLogGroupException extends IOException {

    MalformedLogGroupException(String what, int position) {
        super("malformed log group: " + what + " at byte " + position);
    }
}
