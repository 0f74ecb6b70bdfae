package io.slsdispatch.local;

import com.aliyun.openservices.log.common.Logs;

/** Serialized log groups for tests, made by the official SDK's protobuf classes. */
public final class Groups {

    private Groups() {}

    /** One log with one content. */
    public static byte[] group(String topic, String text) {
        return group(topic, text, (int) (System.currentTimeMillis() / 1000));
    }

    public static byte[] group(String topic, String text, int unixSeconds) {
        return Logs.LogGroup.newBuilder()
                .setTopic(topic)
                .setSource("127.0.0.1")
                .addLogs(log(text, unixSeconds))
                .build()
                .toByteArray();
    }

    /** A group of about so many bytes. */
    static byte[] groupOfSize(String topic, int bytes) {
        return group(topic, "x".repeat(bytes));
    }

    private static Logs.Log log(String text, int unixSeconds) {
        return Logs.Log.newBuilder()
                .setTime(unixSeconds)
                .addContents(Logs.Log.Content.newBuilder().setKey("text").setValue(text))
                .build();
    }
}
