package io.slsdispatch.local.service;

import io.slsdispatch.local.http.Request;
import io.slsdispatch.local.settings.Assumption;
import io.slsdispatch.local.settings.Assumptions;
import io.slsdispatch.local.wire.Compression;
import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.GroupParts;
import io.slsdispatch.local.wire.JsonLogGroup;
import io.slsdispatch.local.wire.PackageList;
import io.slsdispatch.local.wire.Refusal;
import java.util.List;

/** The body of a put: one group, or a list of them. */
final class PutBody {

    private static final long MOST_BYTES = 64 << 20;

    private PutBody() {}

    /**
     * Whether the body is one group as JSON, which {@code PutLogs} of the Java SDK sends on request and the generated
     * SDKs send whenever a body is not binary.
     */
    static boolean isJson(Request request) {
        return startsWith(request.header("content-type", ""), "application/json");
    }

    /** Whether the body is protobuf. */
    static boolean isProtobuf(Request request) {
        return startsWith(request.header("content-type", ""), "application/x-protobuf");
    }

    private static boolean startsWith(String type, String expected) {
        return type.regionMatches(true, 0, expected, 0, expected.length());
    }

    /** Whether the request has mode {@code batch_group}. */
    static boolean isList(Request request) {
        return "batch_group".equals(request.header("x-log-mode"));
    }

    /**
     * The groups in the body, decompressed and as protobuf.
     *
     * @throws Refusal that describes the error in the body or in the headers about it
     */
    static List<byte[]> groups(Request request) {
        return groups(request, new Assumptions());
    }

    /** The groups in the body, decompressed, with limits of size that may be others than the documented ones. */
    static List<byte[]> groups(Request request, Assumptions assumptions) {
        return isList(request) ? packages(request, assumptions) : List.of(single(request, limit(assumptions)));
    }

    private static long limit(Assumptions assumptions) {
        String other = assumptions.other(Assumption.PUT_SIZE).orElse("");
        return other.startsWith("more than")
                ? MOST_BYTES
                : assumptions.number(Assumption.PUT_SIZE, GroupParts.MAX_WHOLE_BYTES);
    }

    private static List<byte[]> packages(Request request, Assumptions assumptions) {
        Compression.ofRequest(request.header("x-log-compresstype"));
        byte[] body = request.body();
        if (rawSize(request) != body.length) {
            throw new Refusal(
                    ErrorCode.INVALID_BODY_RAW_SIZE,
                    "x-log-bodyrawsize " + rawSize(request) + " is not the size of the body, " + body.length);
        }
        List<byte[]> groups = PackageList.read(
                body,
                GroupParts.MAX_WHOLE_BYTES,
                assumptions.other(Assumption.BATCH_GROUP_SIZE).orElse("raw, in sum"));
        if (groups.isEmpty()) {
            throw new Refusal(ErrorCode.POST_BODY_INVALID, "the list has no packages");
        }
        return groups;
    }

    private static byte[] single(Request request, long limit) {
        Compression compression = Compression.ofRequest(request.header("x-log-compresstype"));
        byte[] body = request.body();
        if (body.length == 0
                && request.header("content-length") == null
                && request.header("transfer-encoding") == null) {
            throw new Refusal(ErrorCode.MISSING_CONTENT_LENGTH, "the request has no Content-Length");
        }
        boolean stated = request.header("x-log-bodyrawsize") != null;
        long rawSize = !stated && compression == Compression.NONE ? body.length : rawSize(request);
        if (rawSize > limit) {
            throw PackageList.tooLarge(rawSize, limit);
        }
        byte[] raw = compression.decompress(body, 0, body.length, (int) rawSize);
        return isJson(request) ? JsonLogGroup.encode(raw) : raw;
    }

    private static long rawSize(Request request) {
        String text = request.header("x-log-bodyrawsize");
        if (text == null) {
            throw new Refusal(
                    ErrorCode.MISSING_BODY_RAW_SIZE, "x-log-bodyrawsize does not exist in the request header");
        }
        try {
            long size = Long.parseLong(text);
            if (size >= 0) {
                return size;
            }
        } catch (NumberFormatException notANumber) {
            // Rejected below.
        }
        throw new Refusal(ErrorCode.INVALID_BODY_RAW_SIZE, "x-log-bodyrawsize " + text + " is not a size");
    }
}
