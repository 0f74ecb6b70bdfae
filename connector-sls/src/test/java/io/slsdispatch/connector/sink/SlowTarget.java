package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsClient;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A service that answers puts from another thread, after a moment, or never. */
final class SlowTarget {

    private static final Executor AFTER_A_MOMENT = CompletableFuture.delayedExecutor(2, TimeUnit.MILLISECONDS);

    private final ConcurrentLinkedQueue<Integer> stored = new ConcurrentLinkedQueue<>();
    private final Map<Integer, ErrorKind> failures = new ConcurrentHashMap<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final Set<Object> askers = ConcurrentHashMap.newKeySet();
    private final AtomicInteger openClients = new AtomicInteger();
    private final ConcurrentLinkedQueue<Runnable> hanging = new ConcurrentLinkedQueue<>();
    private volatile boolean hangs;

    /** Every n-th request fails. */
    void failEvery(int n, ErrorKind kind) {
        failures.put(n, kind);
    }

    void hang() {
        hangs = true;
    }

    /** Answers what hangs; what comes later is answered as before. */
    void goOn() {
        hangs = false;
        for (Runnable answer = hanging.poll(); answer != null; answer = hanging.poll()) {
            answer.run();
        }
    }

    List<Integer> stored() {
        return List.copyOf(stored);
    }

    int requests() {
        return requests.get();
    }

    /** How many clients have sent a request. */
    int askers() {
        return askers.size();
    }

    int openClients() {
        return openClients.get();
    }

    SlsClient client() {
        openClients.incrementAndGet();
        Object asker = new Object();
        return (SlsClient) Proxy.newProxyInstance(
                SlsClient.class.getClassLoader(),
                new Class<?>[] {SlsClient.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "put" -> {
                        askers.add(asker);
                        yield put((PutRequest) arguments[0]);
                    }
                    case "close" -> openClients.decrementAndGet();
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private CompletableFuture<Void> put(PutRequest request) {
        int number = requests.incrementAndGet();
        CompletableFuture<Void> answer = new CompletableFuture<>();
        if (hangs) {
            hanging.add(() -> answer(number, request, answer));
        } else {
            AFTER_A_MOMENT.execute(() -> answer(number, request, answer));
        }
        return answer;
    }

    private void answer(int number, PutRequest request, CompletableFuture<Void> answer) {
        for (Map.Entry<Integer, ErrorKind> failure : failures.entrySet()) {
            if (number % failure.getKey() == 0) {
                answer.completeExceptionally(FakeTarget.refusal(failure.getValue(), request.logstore()));
                return;
            }
        }
        stored.addAll(FakeTarget.indexes(request.groups()));
        answer.complete(null);
    }
}
