package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.ErrorCodes;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.testing.UnsupportedSlsClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;

/** A service that takes puts: answers each at once as told, or leaves it open until the test answers it. */
final class FakeTarget extends UnsupportedSlsClient {

    /** A put and its answer to be. */
    record Open(PutRequest request, CompletableFuture<Void> answer, Both stored) {

        void accept() {
            stored.addAll(request.groups());
            answer.complete(null);
        }

        void refuse(ErrorKind kind) {
            fail(refusal(kind, request.logstore()));
        }

        void fail(SlsException error) {
            answer.completeExceptionally(error);
        }

        /** Stores it, and answers without the request id that would say so. */
        void acceptWithoutRequestId() {
            stored.addAll(request.groups());
            fail(unconfirmed(request.logstore()));
        }

        /** Takes every other group and says that it has taken none. */
        void acceptHalfAndRefuse(ErrorKind kind) {
            for (int i = 0; i < request.groups().size(); i += 2) {
                stored.add(request.groups().get(i));
            }
            refuse(kind);
        }

        void acceptAndLoseTheAnswer() {
            stored.addAll(request.groups());
            refuse(ErrorKind.UNAVAILABLE);
        }

        boolean isOpen() {
            return !answer.isDone();
        }

        List<Integer> indexes() {
            return FakeTarget.indexes(request.groups());
        }
    }

    /** Everything that is stored, and what is stored in one logstore. */
    record Both(List<RawLogGroup> all, List<RawLogGroup> here) {

        void add(RawLogGroup group) {
            all.add(group);
            here.add(group);
        }

        void addAll(List<RawLogGroup> groups) {
            groups.forEach(this::add);
        }
    }

    private final List<PutRequest> requests = new ArrayList<>();
    private final List<Open> open = new ArrayList<>();
    private final List<RawLogGroup> stored = new ArrayList<>();
    private final Map<LogstoreId, List<RawLogGroup>> storedByLogstore = new HashMap<>();
    private Predicate<PutRequest> hangs = request -> false;
    /** Null leaves requests open. */
    private Function<PutRequest, SlsException> refusals;

    private boolean closed;

    /** From now on accepts everything, except what {@code refusals} names a kind for. */
    FakeTarget answeringAtOnce(Function<PutRequest, ErrorKind> refusals) {
        return answering(request -> {
            ErrorKind kind = refusals.apply(request);
            return kind == null ? null : refusal(kind, request.logstore());
        });
    }

    /** From now on accepts everything, except what {@code failures} names an error for. */
    FakeTarget answering(Function<PutRequest, SlsException> failures) {
        this.refusals = failures;
        return this;
    }

    /** From now on stores everything, and answers without a request id. */
    FakeTarget strippingRequestIds() {
        return answering(request -> unconfirmed(request.logstore()));
    }

    FakeTarget acceptingAll() {
        return answeringAtOnce(request -> null);
    }

    /** From now on leaves these requests open. */
    FakeTarget hangingFor(Predicate<PutRequest> these) {
        hangs = these;
        return this;
    }

    List<RawLogGroup> storedIn(LogstoreId logstore) {
        return storedByLogstore.getOrDefault(logstore, List.of());
    }

    static SlsException refusal(ErrorKind kind, LogstoreId logstore) {
        String code = kind == ErrorKind.INVALID_REQUEST ? "InvalidKey" : "Code" + kind;
        return new SlsException(kind, "PutLogs", logstore.toString(), 400, code, "REQUEST-1", "said the service", null);
    }

    /** What the client makes of an error; without a request id when the service did not answer. */
    static SlsException error(LogstoreId logstore, int status, String code, String requestId) {
        return new SlsException(
                switch (code) {
                    case "NoCredentials" -> ErrorKind.UNAUTHORIZED;
                    case "InvalidArgument" -> ErrorKind.INVALID_REQUEST;
                    default -> ErrorCodes.kind("PutLogs", code, status);
                },
                "PutLogs",
                logstore.toString(),
                status,
                code,
                requestId,
                "said whoever answered",
                null);
    }

    static SlsException unconfirmed(LogstoreId logstore) {
        return new SlsException(
                ErrorKind.UNAVAILABLE,
                "PutLogs",
                logstore.toString(),
                200,
                "UnreadableAnswer",
                "",
                "the response has no request id",
                null);
    }

    static List<Integer> indexes(List<RawLogGroup> groups) {
        return groups.stream().map(RawLogGroup::index).toList();
    }

    @Override
    public CompletableFuture<Void> put(PutRequest request) {
        requests.add(request);
        List<RawLogGroup> there = storedByLogstore.computeIfAbsent(request.logstore(), any -> new ArrayList<>());
        Open put = new Open(request, new CompletableFuture<>(), new Both(stored, there));
        if (refusals == null || hangs.test(request)) {
            open.add(put);
            return put.answer();
        }
        SlsException failure = refusals.apply(request);
        if (failure == null) {
            put.accept();
        } else if (failure.httpStatus() == 200) {
            put.acceptWithoutRequestId();
        } else {
            put.fail(failure);
        }
        return put.answer();
    }

    /** Every request ever made. */
    List<PutRequest> requests() {
        return requests;
    }

    /** The groups of every request ever made. */
    List<List<Integer>> sent() {
        return requests.stream().map(request -> indexes(request.groups())).toList();
    }

    /** Groups of all accepted requests, in the order of their acceptance. */
    List<Integer> stored() {
        return indexes(stored);
    }

    List<RawLogGroup> storedGroups() {
        return stored;
    }

    /** The oldest put that is not answered; the test answers it. */
    Open takeOpen() {
        open.removeIf(put -> !put.isOpen());
        return open.remove(0);
    }

    /** How many are neither answered nor given up. */
    int openCount() {
        return (int) open.stream().filter(Open::isOpen).count();
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        for (Open put : List.copyOf(open)) {
            put.refuse(ErrorKind.UNAVAILABLE);
        }
    }
}
