package dev.watermill.spring.mill;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

import dev.watermill.Mill;
import dev.watermill.engine.MillState;
import dev.watermill.spring.FromStream;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.WindowBy;
import dev.watermill.spring.actuate.endpoint.NodeDescriptor;
import dev.watermill.spring.actuate.endpoint.WaterMillEndpoint;
import dev.watermill.spring.actuate.endpoint.WaterMillEndpointAutoConfiguration;
import dev.watermill.spring.metrics.WaterMillMetricsAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What settings say about elements as they arrive.
 */
class StreamArrivalTests {

	@TempDir
	private Path directory;

	private String[] settings(String... more) {
		List<String> settings = new ArrayList<>(List.of("watermill.streams.a.file=" + in(),
				"watermill.streams.b.file=" + this.directory.resolve("b.jsonl")));
		settings.addAll(List.of(more));
		return settings.toArray(new String[0]);
	}

	private Path in() {
		return this.directory.resolve("a.jsonl");
	}

	private static String line(int time) {
		return "{\"time\":" + time + ",\"day\":\"" + LocalDate.ofEpochDay(time) + "\",\"name\":\"n" + time + "\"}\n";
	}

	private void write(int... times) {
		StringBuilder lines = new StringBuilder();
		for (int time : times) {
			lines.append(line(time));
		}
		MillsRunner.write(in(), lines.toString());
	}

	private String expected(int... times) {
		StringBuilder lines = new StringBuilder();
		for (int time : times) {
			lines.append(line(time));
		}
		return lines.toString();
	}

	@Test
	void bringsAFileIntoOrderAndShowsHowFarItIsFromIt() {
		write(3, 1, 2, 90, 5, 80, 4, 100);
		MillsRunner.runner(this.directory)
			.withUserConfiguration(Copy.class, Registry.class)
			.withConfiguration(
					AutoConfigurations.of(MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class,
							WaterMillMetricsAutoConfiguration.class, WaterMillEndpointAutoConfiguration.class))
			.withPropertyValues("management.endpoints.web.exposure.include=watermill")
			.withPropertyValues(settings("watermill.streams.a.reorder.by=time", "watermill.streams.a.reorder.within=30",
					"watermill.streams.a.max-reorder-size=10", "watermill.streams.a.on-disorder=skip"))
			.run((context) -> {
				assertThat(MillsRunner.await(context, "copy").state()).isEqualTo(MillState.COMPLETED);
				assertThat(MillsRunner.read(this.directory.resolve("b.jsonl")))
					.isEqualTo(expected(1, 2, 3, 5, 80, 90, 100));
				MeterRegistry meters = context.getBean(MeterRegistry.class);
				assertThat(meters.get("watermill.reorder.late").tag("stream", "a").functionCounter().count()).isOne();
				assertThat(meters.get("watermill.reorder.depth").tag("mill", "copy").gauge().value()).isZero();
				assertThat(meters.get("watermill.reorder.lateness.max").gauge().value()).isEqualTo(86);
				assertThat(context.getBean(WaterMillEndpoint.class).mill("copy").tree()).singleElement()
					.extracting(NodeDescriptor::reorder)
					.isEqualTo(new NodeDescriptor.ReorderDescriptor("time", "30", 0, 1, 86));
			});
	}

	@Test
	void takesDurationsForTimes() {
		write(3, 1, 2, 40, 1000, 41);
		MillsRunner.runner(this.directory)
			.withUserConfiguration(Copy.class)
			.withPropertyValues(settings("watermill.streams.a.reorder.by=day", "watermill.streams.a.reorder.within=5d",
					"watermill.streams.a.max-step.by=day", "watermill.streams.a.max-step.step=100d",
					"watermill.streams.a.on-invalid=skip"))
			.run((context) -> {
				assertThat(MillsRunner.await(context, "copy").state()).isEqualTo(MillState.COMPLETED);
				assertThat(MillsRunner.read(this.directory.resolve("b.jsonl"))).isEqualTo(expected(1, 2, 3, 40, 41));
			});
	}

	@Test
	void aStepAloneIsThatOfTheOneExpression() {
		write(1, 2, 1000, 3);
		MillsRunner.runner(this.directory)
			.withUserConfiguration(Windowed.class)
			.withPropertyValues(settings("watermill.streams.a.max-step=10"))
			.run((context) -> {
				Mill mill = MillsRunner.await(context, "windowed");
				assertThat(mill.state()).isEqualTo(MillState.FAILED);
				assertThat(mill.status().lastError().message())
					.contains("a.jsonl:3: the key 'time' leaps to 1000 from 2, farther than max-step (10)");
			});
	}

	@Test
	void stopsAStreamThatTurnsBad() {
		MillsRunner.write(in(), "x\n".repeat(1500));
		MillsRunner.runner(this.directory)
			.withUserConfiguration(Copy.class)
			.withPropertyValues(
					settings("watermill.streams.a.on-invalid=skip", "watermill.mills.copy.max-bad-rate=0.5"))
			.run((context) -> {
				Mill mill = MillsRunner.await(context, "copy");
				assertThat(mill.state()).isEqualTo(MillState.FAILED);
				assertThat(mill.status().lastError().message()).contains("a.jsonl:1000",
						"1000 of the last 1000 elements are bad, and max-bad-rate is 0.5");
			});
	}

	record Element(int time, LocalDate day, String name) {

	}

	static class Copy {

		@WaterMillProcessor("copy")
		@ToStream("b")
		Element copy(@FromStream("a") Element element) {
			return element;
		}

	}

	static class Windowed {

		@WaterMillProcessor("windowed")
		@ToStream("b")
		Element last(@FromStream("a") @WindowBy("time") List<Element> window) {
			return window.get(0);
		}

	}

	static class Registry {

		@Bean
		SimpleMeterRegistry registry() {
			return new SimpleMeterRegistry();
		}

	}

}
