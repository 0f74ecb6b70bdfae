package io.slsdispatch.local.store;

import io.slsdispatch.local.store.write.CommittedWrites;
import io.slsdispatch.local.store.write.ImmediateWrites;
import io.slsdispatch.local.store.write.LateWrites;
import io.slsdispatch.local.store.write.Writes;
import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The store: all projects with their logstores. Safe for use by several threads. */
public final class SlsStore implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SlsStore.class);
    private static final String FILE = "sls-local.mv.db";
    private static final String RESERVED_PROJECT = "logtail";

    private final MVStore file;
    private final StoreContext context;
    private final MVMap<String, String> projectRecords;
    private final NavigableMap<String, ProjectInfo> projects = new ConcurrentSkipListMap<>();
    private final NavigableMap<String, Logstore> logstores = new ConcurrentSkipListMap<>();
    // Accessed inside changes only; includes changes that are not durable yet.
    private final NavigableMap<String, Logstore> current = new TreeMap<>();

    private SlsStore(MVStore file, StoreContext context) {
        this.file = file;
        this.context = context;
        projectRecords = context.maps().projects();
        projectRecords.forEach((name, json) -> projects.put(name, Json.read(json, ProjectInfo.class)));
        context.maps().logstores().forEach((key, json) -> {
            String project = key.substring(0, key.indexOf('/'));
            logstores.put(key, Logstore.restored(context, project, Json.read(json, Logstore.Stored.class)));
        });
        current.putAll(logstores);
    }

    /**
     * Opens a store; a data directory that does not exist is created.
     *
     * @throws IOException when the directory cannot be used, or is in use by another process
     */
    public static SlsStore open(StoreSettings settings) throws IOException {
        MVStore file = settings.dataDirectory().isPresent()
                ? openFile(settings.dataDirectory().get())
                : new MVStore.Builder().open();
        Writes writes = settings.dataDirectory().isPresent() ? new CommittedWrites(file) : new ImmediateWrites();
        return new SlsStore(
                file,
                new StoreContext(
                        settings,
                        new Maps(file),
                        writes,
                        new Positions(settings.clock()),
                        new ByteBudget(settings.clock(), settings.maxBytes()),
                        new LateWrites()));
    }

    private static MVStore openFile(Path directory) throws IOException {
        Files.createDirectories(directory);
        Path path = directory.resolve(FILE);
        try {
            return new MVStore.Builder()
                    .fileName(path.toString())
                    // This store commits by itself, between changes and never inside one.
                    .autoCommitDisabled()
                    .autoCommitBufferSize(0)
                    .open();
        } catch (MVStoreException notOpened) {
            String cause = notOpened.getErrorCode() == DataUtils.ERROR_FILE_LOCKED
                    ? "it is in use by another process"
                    : notOpened.getMessage();
            throw new IOException("Cannot open data file " + path + ": " + cause, notOpened);
        }
    }

    /** All projects, by name. */
    public List<ProjectInfo> projects() {
        return List.copyOf(projects.values());
    }

    /**
     * A project.
     *
     * @throws Refusal ProjectNotExist
     */
    public ProjectInfo project(String name) {
        ProjectInfo project = projects.get(name);
        if (project == null) {
            throw noProject(name);
        }
        return project;
    }

    /** Creates a project. Fails with ProjectAlreadyExist. */
    public CompletableFuture<Void> createProject(String name, String description) {
        return createProject(name, Map.of("description", description));
    }

    /**
     * Creates a project. Fails with ProjectAlreadyExist, also for {@code logtail}, as {@code ProjectFunctionTest} of the
     * Java SDK expects.
     *
     * @param settings description and others, as CreateProject gives them
     */
    public CompletableFuture<Void> createProject(String name, Map<String, Object> settings) {
        return context.writes().make(() -> {
            ProjectInfo project =
                    ProjectInfo.requested(name, settings, context.clock().millis() / 1000);
            if (projectRecords.containsKey(name) || name.equals(RESERVED_PROJECT)) {
                throw new Refusal(ErrorCode.PROJECT_ALREADY_EXIST, "Project " + name + " already exist");
            }
            put(project);
            return null;
        });
    }

    /** Changes settings of a project. Fails with ProjectNotExist. */
    public CompletableFuture<Void> updateProject(String name, Map<String, Object> changes) {
        return context.writes().make(() -> {
            String record = projectRecords.get(name);
            if (record == null) {
                throw noProject(name);
            }
            put(Json.read(record, ProjectInfo.class)
                    .updatedWith(changes, context.clock().millis() / 1000));
            return null;
        });
    }

    private void put(ProjectInfo project) {
        projectRecords.put(project.name(), Json.write(project));
        context.writes().publish(() -> projects.put(project.name(), project));
    }

    /** Deletes a project with its logstores. Fails with ProjectNotExist. */
    public CompletableFuture<Void> deleteProject(String name) {
        return context.writes().make(() -> {
            checkProject(name);
            List.copyOf(current.values()).stream()
                    .filter(logstore -> logstore.project().equals(name))
                    .forEach(this::delete);
            projectRecords.remove(name);
            context.writes().publish(() -> projects.remove(name));
            return null;
        });
    }

    /** All logstores of all projects. */
    public List<Logstore> logstores() {
        return List.copyOf(logstores.values());
    }

    /** The logstores of a project, by name. */
    public List<Logstore> logstores(String project) {
        return logstores.values().stream()
                .filter(logstore -> logstore.project().equals(project))
                .toList();
    }

    /**
     * A logstore.
     *
     * @throws Refusal ProjectNotExist or LogStoreNotExist
     */
    public Logstore logstore(String project, String name) {
        Logstore logstore = logstores.get(project + "/" + name);
        if (logstore == null) {
            project(project);
            throw noLogstore(name);
        }
        return logstore;
    }

    /** Creates a logstore. Fails with ProjectNotExist or LogStoreAlreadyExist. */
    public CompletableFuture<Logstore> createLogstore(String project, LogstoreConfig config) {
        return context.writes().make(() -> {
            checkProject(project);
            String key = project + "/" + config.name();
            if (current.containsKey(key)) {
                throw new Refusal(ErrorCode.LOGSTORE_ALREADY_EXIST, "logstore " + config.name() + " already exists");
            }
            Logstore logstore = Logstore.create(context, project, config);
            current.put(key, logstore);
            context.writes().publish(() -> logstores.put(key, logstore));
            return logstore;
        });
    }

    /** Deletes a logstore with all of its data. Fails with ProjectNotExist or LogStoreNotExist. */
    public CompletableFuture<Void> deleteLogstore(String project, String name) {
        return context.writes().make(() -> {
            checkProject(project);
            Logstore logstore = current.get(project + "/" + name);
            if (logstore == null) {
                throw noLogstore(name);
            }
            delete(logstore);
            return null;
        });
    }

    /**
     * Deletes a logstore and recreates it in one step. Fails with ProjectNotExist or LogStoreNotExist.
     *
     * @param shards number of its shards
     */
    public CompletableFuture<Logstore> recreateLogstore(String project, String name, OptionalInt shards) {
        return context.writes().make(() -> {
            checkProject(project);
            String key = project + "/" + name;
            Logstore old = current.get(key);
            if (old == null) {
                throw noLogstore(name);
            }
            LogstoreConfig config = shards.isPresent() ? old.config().withShards(shards.getAsInt()) : old.config();
            delete(old);
            Logstore made = Logstore.create(context, project, config);
            current.put(key, made);
            context.writes().publish(() -> logstores.put(key, made));
            return made;
        });
    }

    private void delete(Logstore logstore) {
        String key = logstore.project() + "/" + logstore.name();
        logstore.delete();
        current.remove(key);
        context.writes().publish(() -> logstores.remove(key, logstore));
    }

    private void checkProject(String name) {
        if (!projectRecords.containsKey(name)) {
            throw noProject(name);
        }
    }

    /** Deletes everything. */
    public CompletableFuture<Void> clear() {
        return context.writes().make(() -> {
            List.copyOf(current.values()).forEach(this::delete);
            projectRecords.clear();
            context.writes().publish(projects::clear);
            return null;
        });
    }

    /** Drops groups that are older than the time to live of their logstore, a part at a time. */
    @SuppressWarnings("FutureReturnValueIgnored") // The remainder is dropped the next time.
    public void expire() {
        logstores.values().forEach(logstore -> logstore.expire().whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.warn("Cannot drop expired groups of logstore {}/{}", logstore.project(), logstore.name(), failure);
            }
        }));
    }

    /** Bytes of all retained groups. */
    public long retainedBytes() {
        return context.budget().taken();
    }

    /** The number of pending late writes: acknowledged puts whose groups are not in their shards yet. */
    public long lateWrites() {
        return context.lateWrites().pending();
    }

    /** Makes the last changes durable and closes the file. */
    @Override
    public void close() {
        context.lateWrites().close();
        context.writes().close();
        file.close();
    }

    private static Refusal noLogstore(String name) {
        return new Refusal(ErrorCode.LOGSTORE_NOT_EXIST, "logstore " + name + " does not exist");
    }

    /** The message is that which {@code TestProjectNotExist} of the Go SDK expects. */
    private static Refusal noProject(String name) {
        return new Refusal(ErrorCode.PROJECT_NOT_EXIST, "The Project does not exist: " + name);
    }
}
