package io.slsdispatch.demo;

import com.aliyun.openservices.log.Client;
import com.aliyun.openservices.log.common.auth.DefaultCredentials;
import com.aliyun.openservices.log.common.auth.StaticCredentialsProvider;
import com.aliyun.openservices.log.http.client.ClientConfiguration;
import io.slsdispatch.local.RemoteSlsLocal;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** SLS Local in a separate process, started from its jar as a user starts it. */
public final class SlsLocalProcess implements AutoCloseable {

    public static final String PROJECT = "demo-project";
    public static final String ACCESS_KEY_ID = "demo-key";
    public static final String ACCESS_KEY_SECRET = "demo-secret";

    private static final Duration START = Duration.ofSeconds(60);

    private final Process process;
    private final RemoteSlsLocal remote;

    private SlsLocalProcess(Process process, int port) {
        this.process = process;
        this.remote = new RemoteSlsLocal(URI.create("http://127.0.0.1:" + port));
    }

    /**
     * @param logstores each as {@code NAME:SHARDS}
     * @param directory directory for its output
     */
    static SlsLocalProcess start(Path jar, List<String> logstores, Path directory)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>();
        for (String logstore : logstores) {
            arguments.add("--logstore");
            arguments.add(PROJECT + "/" + logstore);
        }
        return start(jar, List.of(), arguments, directory);
    }

    /**
     * @param jvmOptions options of its Java process
     * @param arguments arguments of SLS Local besides port and keys
     * @param directory directory for its output
     */
    public static SlsLocalProcess start(Path jar, List<String> jvmOptions, List<String> arguments, Path directory)
            throws IOException, InterruptedException {
        Path portFile = directory.resolve("sls-local.port");
        Files.deleteIfExists(portFile);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of(
                "-jar",
                jar.toString(),
                "--port",
                "0",
                "--port-file",
                portFile.toString(),
                "--access-key-id",
                ACCESS_KEY_ID,
                "--access-key-secret",
                ACCESS_KEY_SECRET));
        command.addAll(arguments);
        Path log = directory.resolve("sls-local.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        return new SlsLocalProcess(process, awaitPort(process, portFile, log));
    }

    private static int awaitPort(Process process, Path portFile, Path log) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < deadline) {
            if (Files.exists(portFile)) {
                String port = Files.readString(portFile).strip();
                if (!port.isEmpty()) {
                    return Integer.parseInt(port);
                }
            }
            if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                throw new IOException(
                        "SLS Local exited with code " + process.exitValue() + ": " + Files.readString(log));
            }
        }
        process.destroy();
        throw new IOException("SLS Local did not start within " + START.toSeconds() + " s; see " + log);
    }

    /** The id of the process. */
    public long pid() {
        return process.pid();
    }

    /** The address of the server, as in {@code http://127.0.0.1:10012}. */
    public URI endpoint() {
        return remote.endpoint();
    }

    /** A client of the official SDK, which reaches the server like any endpoint through a proxy. */
    public Client sdkClient() {
        ClientConfiguration viaProxy = new ClientConfiguration();
        viaProxy.setProxyHost(endpoint().getHost());
        viaProxy.setProxyPort(endpoint().getPort());
        return new Client(
                "http://sls.demo",
                new StaticCredentialsProvider(new DefaultCredentials(ACCESS_KEY_ID, ACCESS_KEY_SECRET)),
                viaProxy,
                "192.0.2.1");
    }

    /** A client for its statistics and ledgers. */
    public RemoteSlsLocal remote() {
        return remote;
    }

    /** Stops the process as SIGTERM does, and forcibly if it has not stopped after that. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (process.waitFor(10, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
