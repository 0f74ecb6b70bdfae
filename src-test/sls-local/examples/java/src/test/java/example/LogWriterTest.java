package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.aliyun.openservices.log.Client;
import com.aliyun.openservices.log.common.auth.DefaultCredentials;
import com.aliyun.openservices.log.common.auth.StaticCredentialsProvider;
import com.aliyun.openservices.log.exception.LogException;
import com.aliyun.openservices.log.http.client.ClientConfiguration;
import io.slsdispatch.local.SlsLocal;
import io.slsdispatch.local.SlsLocalOptions;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Effect.Moment;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.fault.Faults;
import io.slsdispatch.local.junit.WithSlsLocal;
import io.slsdispatch.local.ledger.LogstoreLedger;
import org.junit.jupiter.api.Test;

@WithSlsLocal(logstores = "my-project/my-logs:2")
class LogWriterTest {

    private final LogWriter writer;

    LogWriterTest(SlsLocal sls) {
        writer = new LogWriter(client(sls), "my-project", "my-logs");
    }

    /** The SDK accepts no address with a port: SLS Local is its proxy, for any endpoint name. */
    private static Client client(SlsLocal sls) {
        ClientConfiguration viaProxy = new ClientConfiguration();
        viaProxy.setProxyHost("127.0.0.1");
        viaProxy.setProxyPort(sls.port());
        viaProxy.setRetryDisabled(true);
        DefaultCredentials key = new DefaultCredentials(
                SlsLocalOptions.DEFAULT_KEY.accessKeyId(), SlsLocalOptions.DEFAULT_KEY.accessKeySecret());
        return new Client("http://sls.test", new StaticCredentialsProvider(key), viaProxy, "127.0.0.1");
    }

    @Test
    void writesAMessageUnderItsTopic(LogstoreLedger ledger) throws Exception {
        writer.write("nginx", "GET /");

        assertEquals(1, ledger.toList().size());
        assertEquals("nginx", ledger.toList().get(0).topic());
    }

    @Test
    void triesAgainWhileTheServiceIsBusy(Faults faults, LogstoreLedger ledger) throws Exception {
        faults.add(Fault.always(new Effect.Refuse(503, "ServerBusy", "busy", Moment.BEFORE)).times(2));

        writer.write("nginx", "GET /");

        assertEquals(1, ledger.toList().size());
    }

    @Test
    void reportsADeniedAccessAtOnce(Faults faults, LogstoreLedger ledger) throws Exception {
        long id = faults.add(Fault.always(new Effect.Refuse(403, "Unauthorized", "denied", Moment.BEFORE)));

        LogException denied = assertThrows(LogException.class, () -> writer.write("nginx", "GET /"));

        assertEquals("Unauthorized", denied.getErrorCode());
        assertEquals(id, faults.list().get(0).id());
        assertEquals(1, faults.list().get(0).struck());
        assertEquals(0, ledger.toList().size());
    }
}
