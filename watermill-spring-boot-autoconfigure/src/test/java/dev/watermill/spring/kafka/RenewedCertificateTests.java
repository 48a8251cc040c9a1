package dev.watermill.spring.kafka;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.watermill.Mill;
import dev.watermill.engine.MillState;
import dev.watermill.kafka.fixture.KafkaProcess;
import dev.watermill.kafka.fixture.Topics;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A broker with TLS on both sides and SCRAM, by an SSL bundle of Spring Boot's, whose
 * certificates are renewed while a mill runs: none of the former is trusted any more.
 */
class RenewedCertificateTests {

	private static final String PASSWORD = "changeit";

	private static final String JAAS = "org.apache.kafka.common.security.scram.ScramLoginModule required";

	@TempDir
	private Path directory;

	@Test
	void connectsAgainWithCertificatesThatWereRenewed() throws Exception {
		use(make("former"));
		Path renewed = make("renewed");
		int port = free();
		try (KafkaProcess kafka = start(port); Topics topics = new Topics(kafka.bootstrapServers())) {
			topics.admin()
				.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion("miller",
						new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), "flour")))
				.all()
				.get();
			topics.create("a", 1);
			topics.create("b", 1);
			topics.send(new ProducerRecord<>("a", "{\"time\":1}"));
			runner(port).run((context) -> {
				Mill mill = MillsRunner.mill(context, "mill");
				await().atMost(30, TimeUnit.SECONDS).until(() -> topics.read("b").size() == 1);
				CountDownLatch updated = new CountDownLatch(1);
				context.getBean(SslBundles.class).addBundleUpdateHandler("kafka", (bundle) -> updated.countDown());
				kafka.stop();
				use(renewed);
				assertThat(updated.await(30, TimeUnit.SECONDS)).isTrue();
				kafka.start();
				topics.send(new ProducerRecord<>("a", "{\"time\":2}"));
				await().atMost(30, TimeUnit.SECONDS)
					.until(() -> topics.read("b").size() == 2 || mill.state() == MillState.FAILED);
				assertThat(mill.state()).as("%s", mill.status()).isEqualTo(MillState.RUNNING);
			});
		}
	}

	private ApplicationContextRunner runner(int port) {
		String store = "spring.ssl.bundle.pem.kafka.";
		return MillsRunner.kafkaRunner(this.directory, "127.0.0.1:" + port)
			.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
			.withUserConfiguration(Copy.class)
			.withPropertyValues("watermill.streams.a.topic=a", "watermill.streams.b.topic=b",
					"spring.ssl.bundle.watch.file.quiet-period=50ms", store + "reload-on-update=true",
					store + "truststore.certificate=" + certificate(), store + "keystore.certificate=" + certificate(),
					store + "keystore.private-key=" + this.directory.resolve("key.pem"),
					"spring.kafka.ssl.bundle=kafka", "spring.kafka.security.protocol=SASL_SSL",
					"spring.kafka.properties.sasl.mechanism=SCRAM-SHA-512",
					"spring.kafka.properties.sasl.jaas.config=" + JAAS + " username=\"miller\" password=\"flour\";");
	}

	private Path certificate() {
		return this.directory.resolve("certificate.pem");
	}

	private KafkaProcess start(int port) throws IOException {
		int plain = free();
		int controller = free();
		String secure = "listener.name.secure.";
		return KafkaProcess.builder()
			.directory(this.directory.resolve("kafka"))
			.port(plain)
			.property("controller.quorum.voters", "1@127.0.0.1:" + controller)
			.property("listeners",
					"PLAINTEXT://127.0.0.1:%d,SECURE://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d".formatted(plain, port,
							controller))
			.property("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,SECURE:SASL_SSL,CONTROLLER:PLAINTEXT")
			.property("inter.broker.listener.name", "PLAINTEXT")
			.property("sasl.enabled.mechanisms", "SCRAM-SHA-512")
			.property(secure + "scram-sha-512.sasl.jaas.config", JAAS + ";")
			.property(secure + "ssl.client.auth", "required")
			.property(secure + "ssl.keystore.type", "PKCS12")
			.property(secure + "ssl.keystore.location", this.directory.resolve("store.p12").toString())
			.property(secure + "ssl.keystore.password", PASSWORD)
			.property(secure + "ssl.truststore.type", "PEM")
			.property(secure + "ssl.truststore.location", certificate().toString())
			.start();
	}

	private static int free() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	private Path make(String name) throws IOException, InterruptedException {
		Path store = this.directory.resolve(name + ".p12");
		Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
		Process process = new ProcessBuilder(keytool.toString(), "-genkeypair", "-keyalg", "EC", "-alias", "mill",
				"-dname", "CN=" + name, "-ext", "san=ip:127.0.0.1", "-storetype", "PKCS12", "-keystore",
				store.toString(), "-storepass", PASSWORD)
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes());
		assertThat(process.waitFor()).as(output).isZero();
		return store;
	}

	/**
	 * Put a key and its certificate where the broker and the application look for theirs.
	 */
	private void use(Path store) throws Exception {
		KeyStore keys = KeyStore.getInstance("PKCS12");
		try (InputStream in = Files.newInputStream(store)) {
			keys.load(in, PASSWORD.toCharArray());
		}
		Files.copy(store, this.directory.resolve("store.p12"), StandardCopyOption.REPLACE_EXISTING);
		replace("key.pem", "PRIVATE KEY", keys.getKey("mill", PASSWORD.toCharArray()).getEncoded());
		replace("certificate.pem", "CERTIFICATE", keys.getCertificate("mill").getEncoded());
	}

	private void replace(String name, String what, byte[] content) throws IOException {
		Path written = Files.writeString(this.directory.resolve(name + ".part"),
				"-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n".formatted(what,
						Base64.getMimeEncoder().encodeToString(content)));
		Files.move(written, this.directory.resolve(name), StandardCopyOption.ATOMIC_MOVE,
				StandardCopyOption.REPLACE_EXISTING);
	}

	@WaterMillProcessor("mill")
	static class Copy {

		@ToStream("b")
		A copy(A a) {
			return a;
		}

	}

	record A(long time) {

	}

}
