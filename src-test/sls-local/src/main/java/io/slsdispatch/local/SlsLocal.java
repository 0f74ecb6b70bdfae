package io.slsdispatch.local;

import io.slsdispatch.local.admin.Administration;
import io.slsdispatch.local.fault.Faults;
import io.slsdispatch.local.http.HttpServer;
import io.slsdispatch.local.http.HttpService;
import io.slsdispatch.local.ledger.GroupDigest;
import io.slsdispatch.local.ledger.LedgerEntry;
import io.slsdispatch.local.ledger.LogstoreLedger;
import io.slsdispatch.local.service.Events;
import io.slsdispatch.local.service.RequestLog;
import io.slsdispatch.local.service.ServerContext;
import io.slsdispatch.local.service.SlsService;
import io.slsdispatch.local.settings.Assumption;
import io.slsdispatch.local.settings.Assumptions;
import io.slsdispatch.local.settings.Quota;
import io.slsdispatch.local.settings.ServiceSettings;
import io.slsdispatch.local.signature.Credential;
import io.slsdispatch.local.store.Logstore;
import io.slsdispatch.local.store.LogstoreConfig;
import io.slsdispatch.local.store.ProjectInfo;
import io.slsdispatch.local.store.ShardLog;
import io.slsdispatch.local.store.SlsStore;
import io.slsdispatch.local.store.StoreSettings;
import io.slsdispatch.local.store.shard.ShardInfo;
import io.slsdispatch.local.wire.LogGroupText;
import io.slsdispatch.local.wire.Refusal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A running SLS Local server. It serves the SLS API on a port of this machine, and a test can inspect and change its
 * state from Java. Safe for use by several threads. Methods that change something return when the change is as durable
 * as the server promises. They throw {@link Refusal} where a request would be answered with an error.
 *
 * <p>A client that does not accept an address with a port uses the server as an HTTP proxy for any endpoint name, see
 * the README.
 */
public final class SlsLocal implements AutoCloseable {

    private static final int DEFAULT_TTL_DAYS = 30;
    private static final int HALVES = 2;
    private static final long EXPIRY_PERIOD_MILLIS = 1000;

    private final SlsLocalOptions options;
    private final ServerContext context;
    private final HttpServer server;

    private SlsLocal(SlsLocalOptions options, ServerContext context, HttpServer server) {
        this.options = options;
        this.context = context;
        this.server = server;
    }

    /**
     * Starts a server in memory on a free port of 127.0.0.1, with {@link SlsLocalOptions#DEFAULT_KEY}.
     *
     * @throws IOException when no port can be bound
     */
    public static SlsLocal start() throws IOException {
        return start(SlsLocalOptions.builder().build());
    }

    /**
     * Starts a server.
     *
     * @throws IOException when the port cannot be bound or the data directory cannot be used
     */
    public static SlsLocal start(SlsLocalOptions options) throws IOException {
        SlsStore store = SlsStore.open(new StoreSettings(
                options.clock(),
                options.dataDirectory(),
                options.maxBytes(),
                options.behaviour().forgetSequencesOnReshard()));
        try {
            ServiceSettings settings = new ServiceSettings(
                    options.clock(),
                    options.verifySignatures(),
                    options.behaviour(),
                    new Assumptions(),
                    options.loadTest());
            ServerContext context = ServerContext.of(
                    settings, store, options.credentials(), options.quota(), options.requestsRecorded());
            options.logstores().forEach(logstore -> createIfAbsent(store, logstore));
            HttpServer server = HttpServer.start(
                    new InetSocketAddress(options.host(), options.port()),
                    options.threads(),
                    service(context, options.adminHosts()));
            server.every(EXPIRY_PERIOD_MILLIS, TimeUnit.MILLISECONDS, expiry(settings, store));
            SlsLocal local = new SlsLocal(options, context, server);
            local.answerUnlike(options.unlike());
            return local;
        } catch (IOException | RuntimeException notStarted) {
            store.close();
            throw notStarted;
        }
    }

    /** Expires data each second, or each hour when the grain of retention is switched. */
    private static Runnable expiry(ServiceSettings settings, SlsStore store) {
        AtomicLong expiredIn = new AtomicLong(-1);
        return () -> {
            long hour = settings.clock().millis() / TimeUnit.HOURS.toMillis(1);
            if (expiredIn.getAndSet(hour) != hour || !settings.assumptions().differs(Assumption.RETENTION_GRAIN)) {
                store.expire();
            }
        };
    }

    private static HttpService service(ServerContext context, List<String> adminHosts) {
        HttpService api = new SlsService(context);
        HttpService administration = new Administration(context, adminHosts);
        return (request, from) -> (Administration.isFor(request) ? administration : api).answer(request, from);
    }

    private static void createIfAbsent(SlsStore store, SlsLocalOptions.NewLogstore wanted) {
        if (store.logstores(wanted.project()).stream()
                .noneMatch(logstore -> logstore.name().equals(wanted.logstore()))) {
            create(store, wanted.project(), LogstoreConfig.of(wanted.logstore(), wanted.shards(), DEFAULT_TTL_DAYS));
        }
    }

    private static void create(SlsStore store, String project, LogstoreConfig config) {
        if (store.projects().stream().noneMatch(known -> known.name().equals(project))) {
            result(store.createProject(project, ""));
        }
        result(store.createLogstore(project, config));
    }

    /** The port that the server listens on. */
    public int port() {
        return server.port();
    }

    /**
     * An address at which this machine reaches the server, as in {@code http://127.0.0.1:10012}: the one that it listens
     * on, or 127.0.0.1 when it listens on all.
     */
    public String endpoint() {
        return "http://" + options.reachableHost() + ":" + port();
    }

    /** Replaces the valid keys. From now on, no others are accepted. */
    public void accept(Collection<Credential> credentials) {
        context.signatures().accept(credentials);
    }

    /** Gives other answers than the assumed ones from now on; all others are as assumed. */
    public void answerUnlike(Map<Assumption, String> answers) {
        context.settings().assumptions().set(answers);
        if (answers.containsKey(Assumption.QUOTAS)) {
            limitTo(Quota.OF_THE_SERVICE);
        }
    }

    /** Replaces the quota that is enforced. */
    public void limitTo(Quota quota) {
        context.quotas().limitTo(quota);
    }

    /** The faults, which a test switches on and off. */
    public Faults faults() {
        return context.faults();
    }

    /** The last requests, up to {@link SlsLocalOptions#requestsRecorded()}. */
    public RequestLog requests() {
        return context.requests();
    }

    /** Creates a project. */
    public void createProject(String project) {
        result(context.store().createProject(project, ""));
    }

    /** Creates a logstore, and its project if that does not exist. Groups are retained for 30 days. */
    public void createLogstore(String project, String logstore, int shards) {
        create(context.store(), project, LogstoreConfig.of(logstore, shards, DEFAULT_TTL_DAYS));
    }

    /** Creates a logstore whose groups are retained for {@code ttlDays} days from their receipt; 3650 means forever. */
    public void createLogstore(String project, String logstore, int shards, int ttlDays) {
        create(context.store(), project, LogstoreConfig.of(logstore, shards, ttlDays));
    }

    /** Deletes a logstore with all of its data, including its ledger. */
    public void deleteLogstore(String project, String logstore) {
        result(context.store().deleteLogstore(project, logstore));
    }

    /**
     * Deletes a logstore and recreates it, empty, in one step.
     *
     * @param shards number of its shards
     */
    public void recreateLogstore(String project, String logstore, int shards) {
        result(context.store().recreateLogstore(project, logstore, OptionalInt.of(shards)));
    }

    /** The names of all projects. */
    public List<String> projects() {
        return context.store().projects().stream().map(ProjectInfo::name).toList();
    }

    /** The names of the logstores of a project. */
    public List<String> logstores(String project) {
        return context.store().logstores(project).stream().map(Logstore::name).toList();
    }

    /** The shards of a logstore, by id. */
    public List<ShardInfo> shards(String project, String logstore) {
        return context.store().logstore(project, logstore).shards();
    }

    /** Splits a shard into two halves and returns the parent and its children. */
    public List<ShardInfo> split(String project, String logstore, int shard) {
        return split(project, logstore, shard, HALVES);
    }

    /** Splits a shard into parts of nearly the same size and returns the parent and its children. */
    public List<ShardInfo> split(String project, String logstore, int shard, int children) {
        return result(context.store().logstore(project, logstore).split(shard, Optional.empty(), children));
    }

    /** Merges a shard with its right neighbour and returns the new shard and its parents. */
    public List<ShardInfo> merge(String project, String logstore, int shard) {
        return result(context.store().logstore(project, logstore).merge(shard));
    }

    /**
     * Writes a serialized group to a shard, read-only or not, without HTTP.
     *
     * @throws Refusal PostBodyInvalid when the bytes are not a LogGroup
     */
    public void put(String project, String logstore, int shard, byte[] group) {
        result(events().append(
                        logstore(project, logstore),
                        shard,
                        group,
                        options.behaviour().strictText()));
        if (context.settings().assumptions().differs(Assumption.CURSOR_CONTIGUITY)) {
            jump(project, logstore, shard, 1);
        }
    }

    /**
     * Writes bytes that need not be a LogGroup to a shard, as if the service had accepted them at some time. Their
     * ledger entry has no topic.
     */
    public void putBytes(String project, String logstore, int shard, byte[] bytes) {
        result(events().appendBytes(logstore(project, logstore), shard, bytes));
    }

    /**
     * Makes the cursor numbers of a shard jump, which leaves a hole of {@code size}: the number of its next group is
     * larger by {@code size} than it would be otherwise. The end cursor does not move until that group is written. A
     * cursor whose number is inside a hole is valid and refers to the next group after the hole.
     *
     * @param size of the hole, at least 1
     */
    public void jump(String project, String logstore, int shard, long size) {
        result(logstore(project, logstore).jump(shard, size));
    }

    /**
     * Drops the oldest groups of a shard, as retention does.
     *
     * @param groups how many to drop; all when there are fewer
     */
    public void trim(String project, String logstore, int shard, long groups) {
        result(events().trim(logstore(project, logstore), shard, groups));
    }

    /**
     * The number of pending late writes: puts that a late-write fault has acknowledged and whose groups are not in
     * their shards yet.
     */
    public long lateWrites() {
        return context.store().lateWrites();
    }

    /** The ledger of a logstore, which records each group that was written to it. */
    public LogstoreLedger ledger(String project, String logstore) {
        Logstore store = logstore(project, logstore);
        return new LogstoreLedger() {
            @Override
            public String name() {
                return project + "/" + logstore;
            }

            @Override
            public Iterator<LedgerEntry> entries() {
                return store.ledger();
            }

            @Override
            public Map<GroupDigest, List<GroupDigest>> partsOfRefused() {
                return store.partsOfRefused();
            }
        };
    }

    /**
     * The groups that a logstore retains, as text: shards one after another, with the groups of a shard in order. For
     * logstores that are small enough.
     *
     * @throws Refusal PostBodyInvalid when one of them is not a LogGroup, see {@link #putBytes}
     */
    public List<LogGroupText> groups(String project, String logstore) {
        Logstore store = logstore(project, logstore);
        return store.shards().stream()
                .flatMap(shard -> store.log(shard.id()).stream())
                .flatMap(log -> log.newest(Integer.MAX_VALUE).stream()
                        .sorted(Comparator.comparingLong(ShardLog.Kept::position)))
                .map(group -> LogGroupText.read(group.bytes(), LogGroupText.Limits.NONE))
                .toList();
    }

    private Events events() {
        return new Events(context.store());
    }

    private Logstore logstore(String project, String logstore) {
        return context.store().logstore(project, logstore);
    }

    /** Stops the server and closes the file of the data directory, if there is one. */
    @Override
    public void close() {
        server.close();
        context.store().close();
    }

    private static <T> T result(CompletableFuture<T> change) {
        try {
            return change.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof Refusal refusal) {
                throw refusal;
            }
            throw failed;
        }
    }
}
