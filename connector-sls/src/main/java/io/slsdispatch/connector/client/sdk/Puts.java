package io.slsdispatch.connector.client.sdk;

import com.aliyun.openservices.log.Client;
import com.aliyun.openservices.log.common.LogGroup;
import com.aliyun.openservices.log.exception.LogException;
import com.aliyun.openservices.log.request.BatchPutLogsRequest;
import com.aliyun.openservices.log.request.PutLogsRequest;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes serialized log groups through the SDK, which would rather serialize its own. */
final class Puts {

    private Puts() {}

    static void send(Client sdk, PutRequest request) throws LogException {
        LogstoreId logstore = request.logstore();
        if (request.groups().size() == 1) {
            // Topic and source are in the bytes; the SDK leaves its own arguments aside then.
            sdk.PutLogs(new PutLogsRequest(
                    logstore.project(),
                    logstore.logstore(),
                    "",
                    "",
                    bytes(request.groups().get(0)),
                    request.hashKey()));
            return;
        }
        List<LogGroup> groups = new ArrayList<>(request.groups().size());
        for (RawLogGroup group : request.groups()) {
            groups.add(new Serialized(bytes(group)));
        }
        sdk.batchPutLogs(new BatchPutLogsRequest(logstore.project(), logstore.logstore(), groups, request.hashKey()));
    }

    private static byte[] bytes(RawLogGroup group) {
        byte[] array = group.array();
        return group.length() == array.length
                ? array
                : Arrays.copyOfRange(array, group.offset(), group.offset() + group.length());
    }

    /** A log group that is its bytes. */
    private static final class Serialized extends LogGroup {

        private final byte[] bytes;

        Serialized(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public byte[] serializeToPb() {
            return bytes;
        }
    }
}
