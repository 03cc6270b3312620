import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import java.io.File;
import java.util.Arrays;

/** Puts and gets a key by jetcd, on Java's own TLS: FOLDER of a client, URL... */
class Main {
    public static void main(String[] arguments) throws Exception {
        File folder = new File(arguments[0]);
        String[] endpoints = Arrays.copyOfRange(arguments, 1, arguments.length);
        File ca = new File(folder, "ca.crt");
        File certificate = new File(folder, "client.crt");
        File key = new File(folder, "client.key");
        ByteSequence name = ByteSequence.from("jetcd", UTF_8);
        ByteSequence value = ByteSequence.from("flowers", UTF_8);
        try (Client client = Client.builder()
                .endpoints(endpoints)
                .sslContext(context -> context.trustManager(ca).keyManager(certificate, key))
                .build()) {
            client.getKVClient().put(name, value).get(20, SECONDS);
            var answer = client.getKVClient().get(name).get(20, SECONDS);
            System.out.println(answer.getKvs().get(0).getValue().toString(UTF_8));
        } catch (Exception error) {
            System.err.println("refused: " + error);
            System.exit(1);
        }
    }
}
