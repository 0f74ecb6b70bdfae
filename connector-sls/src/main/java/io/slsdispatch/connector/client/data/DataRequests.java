package io.slsdispatch.connector.client.data;

import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.exchange.ApiRequest;
import io.slsdispatch.connector.config.CompressionConfig;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.Compression;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.annotation.Internal;

/** The requests of the API for pulls and puts: PullLogs, PutLogs, and PutLogs of mode {@code batch_group}. */
@Internal
public final class DataRequests {

    private final ApiRequest.Body.Memory memory;

    /** @param memory provides the bodies for compressed puts */
    public DataRequests(ApiRequest.Body.Memory memory) {
        this.memory = memory;
    }

    /** PullLogs. */
    public static ApiRequest pull(PullRequest request) {
        SortedMap<String, String> query = new TreeMap<>();
        query.put("type", "log");
        query.put("cursor", request.cursor());
        query.put("count", String.valueOf(request.maxGroups()));
        if (request.endCursor() != null) {
            query.put("end_cursor", request.endCursor());
        }
        return new ApiRequest(
                "GET",
                request.logstore().project(),
                shards(request.logstore()) + request.shard(),
                query,
                Map.of(
                        "x-log-bodyrawsize",
                        "0",
                        "accept",
                        "application/x-protobuf",
                        "accept-encoding",
                        request.compression().text()),
                null);
    }

    /**
     * PutLogs. Compresses on the calling thread.
     *
     * @throws ApiRequest.Body.NoMemoryException when this process has no memory left for the request
     */
    public ApiRequest put(PutRequest request) throws ApiRequest.Body.NoMemoryException {
        boolean list = request.groups().size() > 1;
        SortedMap<String, String> query = new TreeMap<>();
        String path = shards(request.logstore()) + "lb";
        if (request.hashKey() != null) {
            query.put("key", request.hashKey());
            path = shards(request.logstore()) + "route";
        }
        ApiRequest.Body body = memory.allocate(maxLength(request));
        try {
            compress(request, body);
            Map<String, String> headers = new HashMap<>();
            headers.put("x-log-compresstype", request.compression().kind().text());
            headers.put("x-log-bodyrawsize", String.valueOf(list ? body.length() : request.rawBytes()));
            if (list) {
                headers.put("x-log-mode", "batch_group");
            }
            return new ApiRequest("POST", request.logstore().project(), path, query, headers, body);
        } catch (Throwable e) {
            body.release();
            throw e;
        }
    }

    private static String shards(LogstoreId logstore) {
        return "/logstores/" + logstore.logstore() + "/shards/";
    }

    private static int maxLength(PutRequest request) {
        Compression kind = request.compression().kind();
        boolean list = request.groups().size() > 1;
        long most = 0;
        for (RawLogGroup group : request.groups()) {
            most += list ? LogPackages.maxLength(group, kind) : LogPackages.maxBlockLength(group, kind);
        }
        return Math.toIntExact(most);
    }

    private static void compress(PutRequest request, ApiRequest.Body body) throws ApiRequest.Body.NoMemoryException {
        List<RawLogGroup> groups = request.groups();
        CompressionConfig compression = request.compression();
        ByteBuffer buffer = body.buffer();
        if (groups.size() > 1) {
            for (RawLogGroup group : groups) {
                LogPackages.write(group, compression, buffer);
            }
            body.trim(buffer.position());
        } else {
            body.trim(LogPackages.writeBlock(groups.get(0), compression, buffer, 0));
        }
    }
}
