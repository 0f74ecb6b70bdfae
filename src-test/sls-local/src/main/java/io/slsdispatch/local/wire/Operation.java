package io.slsdispatch.local.wire;

import java.util.Arrays;
import java.util.Optional;

/** The operations that SLS Local serves, under the names that the service's documentation uses. */
public enum Operation {
    CREATE_PROJECT("CreateProject"),
    GET_PROJECT("GetProject"),
    LIST_PROJECT("ListProject"),
    UPDATE_PROJECT("UpdateProject"),
    DELETE_PROJECT("DeleteProject"),
    CREATE_LOGSTORE("CreateLogStore"),
    GET_LOGSTORE("GetLogStore"),
    LIST_LOGSTORES("ListLogStores"),
    UPDATE_LOGSTORE("UpdateLogStore"),
    DELETE_LOGSTORE("DeleteLogStore"),
    LIST_SHARDS("ListShards"),
    SPLIT_SHARD("SplitShard"),
    MERGE_SHARDS("MergeShards"),
    PUT_LOGS("PutLogs"),
    PULL_LOGS("PullLogs"),
    GET_CURSOR("GetCursor"),
    GET_CURSOR_TIME("GetCursorTime"),
    CREATE_CONSUMER_GROUP("CreateConsumerGroup"),
    LIST_CONSUMER_GROUP("ListConsumerGroup"),
    UPDATE_CONSUMER_GROUP("UpdateConsumerGroup"),
    DELETE_CONSUMER_GROUP("DeleteConsumerGroup"),
    HEART_BEAT("ConsumerGroupHeartBeat"),
    UPDATE_CHECK_POINT("ConsumerGroupUpdateCheckPoint"),
    GET_CHECK_POINT("GetCheckPoint");

    private final String text;

    Operation(String text) {
        this.text = text;
    }

    /** The name, as in {@code PutLogs}. */
    public String text() {
        return text;
    }

    /** The operation of this name, ignoring case. */
    public static Optional<Operation> named(String name) {
        return Arrays.stream(values())
                .filter(operation -> operation.text.equalsIgnoreCase(name))
                .findFirst();
    }
}
