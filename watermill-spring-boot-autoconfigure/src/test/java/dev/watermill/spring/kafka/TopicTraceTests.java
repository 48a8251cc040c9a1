package dev.watermill.spring.kafka;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.watermill.engine.MillState;
import dev.watermill.kafka.fixture.SharedKafka;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.observation.WaterMillObservationAutoConfiguration;
import io.micrometer.observation.ObservationRegistry;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration;
import org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Traces that run through mills, as Spring Boot's own tracing sees them.
 */
class TopicTraceTests {

	private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

	private static final String SPAN = "b7ad6b7169203331";

	@TempDir
	Path directory;

	private final TestTopics topics = new TestTopics();

	private ApplicationContextRunner runner;

	@BeforeEach
	void createRunner() {
		this.runner = MillsRunner.kafkaRunner(this.directory, SharedKafka.bootstrapServers())
			.withConfiguration(AutoConfigurations.of(ObservationAutoConfiguration.class,
					MicrometerTracingAutoConfiguration.class, OpenTelemetrySdkAutoConfiguration.class,
					OpenTelemetryTracingAutoConfiguration.class, WaterMillObservationAutoConfiguration.class))
			.withBean(InMemorySpanExporter.class, InMemorySpanExporter::create)
			.withUserConfiguration(TwoMills.class)
			.withPropertyValues(this.topics.bound("a"), this.topics.bound("b"), this.topics.bound("c"),
					"watermill.mills.first.observation-enabled=true", "watermill.mills.second.observation-enabled=true",
					"management.tracing.sampling.probability=1.0");
	}

	@Test
	void aTraceRunsFromARecordThroughTwoMillsToTheResult() {
		sendTraced("{\"time\":1,\"name\":\"x\"}");
		this.runner.run((context) -> {
			complete(context);
			List<SpanData> spans = spans(context);
			assertThat(spans).extracting(SpanData::getTraceId).containsOnly(TRACE);
			SpanData first = span(spans, "first process", SPAN);
			SpanData firstSend = span(spans, "first send", first.getSpanId());
			SpanData second = span(spans, "second process", firstSend.getSpanId());
			SpanData secondSend = span(spans, "second send", second.getSpanId());
			assertThat(first.getKind()).isEqualTo(SpanKind.CONSUMER);
			assertThat(firstSend.getKind()).isEqualTo(SpanKind.PRODUCER);
			assertThat(first.getAttributes().asMap().toString()).contains("mill=first", "watermill.origin=");
			assertThat(traceparents("c")).first().isEqualTo("00-" + TRACE + "-" + secondSend.getSpanId() + "-01");
		});
	}

	@Test
	void aFunctionIsWithinItsSpan() {
		sendTraced("{\"time\":1,\"name\":\"x\"}");
		this.runner.run((context) -> {
			complete(context);
			assertThat(this.topics.read("c")).first().asString().contains("observed");
		});
	}

	@Test
	void aFailureIsInItsSpan() {
		sendTraced("{\"time\":1,\"name\":\"broken\"}");
		this.runner.withPropertyValues("watermill.mills.first.retry.max-retries=0").run((context) -> {
			assertThat(MillsRunner.await(context, "first").state()).isEqualTo(MillState.FAILED);
			SpanData span = span(spans(context), "first process", SPAN);
			assertThat(span.getStatus()).isEqualTo(StatusData.create(StatusData.error().getStatusCode(), "broken"));
			MillsRunner.mill(context, "second").stop();
		});
	}

	@Test
	void withoutObservationHeadersPassThroughAsTheyAre() {
		sendTraced("{\"time\":1,\"name\":\"x\"}");
		this.runner
			.withPropertyValues("watermill.mills.first.observation-enabled=false",
					"watermill.mills.second.observation-enabled=false")
			.run((context) -> {
				complete(context);
				assertThat(spans(context)).isEmpty();
				assertThat(traceparents("c")).first().isEqualTo("00-" + TRACE + "-" + SPAN + "-01");
			});
	}

	@Test
	void withoutATracerHeadersPassThroughAsTheyAre() {
		sendTraced("{\"time\":1,\"name\":\"x\"}");
		ApplicationContextRunner withoutTracer = MillsRunner.kafkaRunner(this.directory, SharedKafka.bootstrapServers())
			.withConfiguration(AutoConfigurations.of(ObservationAutoConfiguration.class,
					WaterMillObservationAutoConfiguration.class))
			.withUserConfiguration(TwoMills.class)
			.withPropertyValues(this.topics.bound("a"), this.topics.bound("b"), this.topics.bound("c"),
					"watermill.mills.first.observation-enabled=true",
					"watermill.mills.second.observation-enabled=true");
		withoutTracer.run((context) -> {
			complete(context);
			assertThat(traceparents("c")).first().isEqualTo("00-" + TRACE + "-" + SPAN + "-01");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "watermill", "watermill.delivery" })
	void withObservationsDisabledHeadersPassThroughAsTheyAre(String observation) {
		sendTraced("{\"time\":1,\"name\":\"x\"}");
		this.runner.withPropertyValues("management.observations.enable." + observation + "=false").run((context) -> {
			complete(context);
			assertThat(spans(context)).isEmpty();
			assertThat(traceparents("c")).first().isEqualTo("00-" + TRACE + "-" + SPAN + "-01");
		});
	}

	@Test
	void withSendsDisabledTheTraceIsNotCut() {
		sendTraced("{\"time\":1,\"name\":\"x\"}");
		this.runner.withPropertyValues("management.observations.enable.watermill.send=false").run((context) -> {
			complete(context);
			assertThat(spans(context)).extracting(SpanData::getTraceId).containsOnly(TRACE);
			assertThat(traceparents("c")).first().asString().contains(TRACE);
		});
	}

	private void sendTraced(String value) {
		this.topics.create("a");
		this.topics.create("b");
		this.topics.create("c");
		ProducerRecord<String, String> traced = this.topics.message("a", null, value);
		traced.headers().add("traceparent", ("00-" + TRACE + "-" + SPAN + "-01").getBytes(StandardCharsets.UTF_8));
		this.topics.send(traced, this.topics.message("a", null, TestTopics.EOS));
	}

	private static void complete(ApplicationContext context) {
		assertThat(MillsRunner.await(context, "first").state()).isEqualTo(MillState.COMPLETED);
		assertThat(MillsRunner.await(context, "second").state()).isEqualTo(MillState.COMPLETED);
	}

	private static List<SpanData> spans(ApplicationContext context) {
		assertThat(context.getBean(SdkTracerProvider.class).forceFlush().join(10, TimeUnit.SECONDS).isSuccess())
			.isTrue();
		return context.getBean(InMemorySpanExporter.class).getFinishedSpanItems();
	}

	private static SpanData span(List<SpanData> spans, String name, String parent) {
		List<SpanData> found = spans.stream().filter((span) -> span.getName().equals(name)).toList();
		assertThat(found).as(name + " in " + spans).hasSize(1);
		assertThat(found.get(0).getParentSpanId()).as("parent of " + name).isEqualTo(parent);
		return found.get(0);
	}

	private List<String> traceparents(String stream) {
		return this.topics.records(stream)
			.stream()
			.map(ConsumerRecord::headers)
			.filter((headers) -> headers.lastHeader("traceparent") != null)
			.map((headers) -> new String(headers.lastHeader("traceparent").value(), StandardCharsets.UTF_8))
			.toList();
	}

	@Configuration(proxyBeanMethods = false)
	static class TwoMills {

		@Bean
		First first(ObservationRegistry observations) {
			return new First(observations);
		}

		@Bean
		Second second() {
			return new Second();
		}

	}

	@WaterMillProcessor
	static class First {

		private final ObservationRegistry observations;

		First(ObservationRegistry observations) {
			this.observations = observations;
		}

		B calculate(A element) {
			if (element.name().equals("broken")) {
				throw new IllegalStateException("broken");
			}
			return new B(element.time(),
					(this.observations.getCurrentObservation() != null) ? "observed" : element.name());
		}

	}

	@WaterMillProcessor
	static class Second {

		C calculate(B element) {
			return new C(element.time(), element.name());
		}

	}

	record A(long time, String name) {
	}

	record B(long time, String name) {
	}

	record C(long time, String name) {
	}

}
