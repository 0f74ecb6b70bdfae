package io.slsdispatch.connector.client;

import io.slsdispatch.connector.model.RawLogGroup;
import java.nio.charset.StandardCharsets;

/** Reads what {@link FakeSls#write} made. */
public final class TestGroups {

    private TestGroups() {}

    /** The content that the group was written with. */
    public static String content(RawLogGroup group) {
        byte[] array = group.bytes().array();
        int topicLength = array[group.bytes().offset() + 1];
        int content = group.bytes().offset() + 2 + topicLength + 2;
        return new String(array, content, array[content - 1], StandardCharsets.UTF_8);
    }
}
