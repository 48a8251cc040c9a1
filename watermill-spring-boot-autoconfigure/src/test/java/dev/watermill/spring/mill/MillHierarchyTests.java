package dev.watermill.spring.mill;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.watermill.broker.Broker;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.codec.ElementDecoder;
import dev.watermill.engine.MillState;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.actuate.endpoint.WaterMillEndpoint;
import dev.watermill.spring.actuate.endpoint.WaterMillEndpointAutoConfiguration;
import dev.watermill.spring.binding.internal.StreamBindings;
import dev.watermill.spring.health.MillsHealthIndicator;
import dev.watermill.spring.health.WaterMillHealthContributorAutoConfiguration;
import dev.watermill.spring.metrics.WaterMillMetricsAutoConfiguration;
import dev.watermill.spring.observation.WaterMillObservationAutoConfiguration;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each context of a hierarchy runs the mills of its own processors.
 */
class MillHierarchyTests {

	@TempDir
	Path directory;

	private ApplicationContextRunner runner;

	@BeforeEach
	void createRunner() {
		Path in = MillsRunner.write(this.directory.resolve("a.json"), "[{\"time\":1},{\"time\":2}]");
		this.runner = MillsRunner.runner(this.directory).withPropertyValues("watermill.streams.a.file=" + in);
	}

	private String output(String stream) {
		return "watermill.streams." + stream + ".file=" + this.directory.resolve(stream + ".jsonl");
	}

	@Test
	void runsTheMillsOfAParentAndOfItsChild() {
		this.runner.withUserConfiguration(OfParent.class)
			.withPropertyValues(output("b"))
			.run((parent) -> this.runner.withParent(parent)
				.withUserConfiguration(OfChild.class)
				.withPropertyValues(output("c"))
				.run((child) -> {
					assertThat(MillsRunner.await(parent, "of-parent").state()).isEqualTo(MillState.COMPLETED);
					assertThat(MillsRunner.await(child, "of-child").state()).isEqualTo(MillState.COMPLETED);
					assertThat(MillsRunner.read(this.directory.resolve("c.jsonl")).lines()).hasSize(2);
					assertThat(parent.getBean(Mills.class).all()).hasSize(1);
					assertThat(child.getBean(Mills.class).all()).hasSize(1);
				}));
	}

	@Test
	void runsTheMillsOfAChildWhoseParentHasNone() {
		this.runner.run((parent) -> this.runner.withParent(parent)
			.withUserConfiguration(OfChild.class)
			.withPropertyValues(output("c"))
			.run((child) -> {
				assertThat(MillsRunner.await(child, "of-child").state()).isEqualTo(MillState.COMPLETED);
				assertThat(parent.getBean(Mills.class).all()).isEmpty();
			}));
	}

	@Test
	void takesTheCodecsOfTheChild() {
		this.runner.run((parent) -> this.runner.withParent(parent)
			.withUserConfiguration(OfChild.class)
			.withBean("fixed", ElementDecoder.class, () -> (bytes) -> new A(7))
			.withPropertyValues(output("c"), "watermill.streams.a.deserializer=fixed")
			.run((child) -> {
				assertThat(MillsRunner.await(child, "of-child").state()).isEqualTo(MillState.COMPLETED);
				assertThat(MillsRunner.read(this.directory.resolve("c.jsonl")))
					.isEqualTo("{\"time\":7}\n{\"time\":7}\n");
			}));
	}

	@Test
	void takesTheSettingsOfTheChild() {
		this.runner.withPropertyValues("watermill.files.max-element-size=1B")
			.withUserConfiguration(OfParent.class)
			.withPropertyValues(output("b"))
			.run((parent) -> this.runner.withParent(parent)
				.withUserConfiguration(OfChild.class)
				.withPropertyValues(output("c"), "watermill.files.max-element-size=1KB")
				.run((child) -> {
					assertThat(MillsRunner.await(parent, "of-parent").state()).isEqualTo(MillState.FAILED);
					assertThat(MillsRunner.await(child, "of-child").state()).isEqualTo(MillState.COMPLETED);
				}));
	}

	@Test
	void observesTheMillsOfTheChildAsItsSettingsSay() {
		List<String> observed = new ArrayList<>();
		ApplicationContextRunner observing = this.runner
			.withConfiguration(AutoConfigurations.of(WaterMillObservationAutoConfiguration.class));
		observing.withBean(ObservationRegistry.class, () -> {
			ObservationRegistry registry = ObservationRegistry.create();
			registry.observationConfig().observationHandler((context) -> {
				observed.add(context.getName());
				return false;
			});
			return registry;
		})
			.run((parent) -> observing.withParent(parent)
				.withUserConfiguration(OfChild.class)
				.withPropertyValues(output("c"), "watermill.mills.of-child.observation-enabled=true")
				.run((child) -> MillsRunner.await(child, "of-child")));
		assertThat(observed).isNotEmpty();
	}

	@Test
	void showsTheMillsOfAllInHealthAndEndpoint() {
		ApplicationContextRunner watched = this.runner
			.withConfiguration(AutoConfigurations.of(WaterMillHealthContributorAutoConfiguration.class,
					WaterMillEndpointAutoConfiguration.class))
			.withPropertyValues("management.endpoints.web.exposure.include=*");
		watched.withUserConfiguration(OfParent.class)
			.withPropertyValues(output("b"))
			.run((parent) -> watched.withParent(parent)
				.withUserConfiguration(OfChild.class)
				.withPropertyValues(output("c"))
				.run((child) -> {
					MillsRunner.await(parent, "of-parent");
					MillsRunner.await(child, "of-child");
					WaterMillEndpoint endpoint = child.getBean(WaterMillEndpoint.class);
					assertThat(endpoint.mills().mills()).extracting((mill) -> mill.name())
						.containsExactly("of-child", "of-parent");
					assertThat(endpoint.mill("of-parent")).isNotNull();
					assertThat(child.getBean(MillsHealthIndicator.class).health().getDetails())
						.containsOnlyKeys("of-child", "of-parent");
					assertThat(parent.getBean(WaterMillEndpoint.class).mills().mills()).hasSize(1);
					assertThat(BeanFactoryUtils
						.beanNamesForAnnotationIncludingAncestors(child.getSourceApplicationContext(), Endpoint.class))
						.containsExactly("watermillEndpoint");
				}));
	}

	@Test
	void measuresTheMillsOfTheChildWithTheRegistryOfTheParent() {
		ApplicationContextRunner measured = this.runner.withConfiguration(
				AutoConfigurations.of(MetricsAutoConfiguration.class, WaterMillMetricsAutoConfiguration.class));
		measured.withBean(SimpleMeterRegistry.class, () -> new SimpleMeterRegistry())
			.withUserConfiguration(OfParent.class)
			.withPropertyValues(output("b"))
			.run((parent) -> {
				MeterRegistry registry = parent.getBean(MeterRegistry.class);
				measured.withParent(parent)
					.withUserConfiguration(OfChild.class)
					.withPropertyValues(output("c"))
					.run((child) -> {
						MillsRunner.await(child, "of-child");
						assertThat(registry.get("watermill.elements.read").tag("mill", "of-child").functionCounter())
							.extracting(FunctionCounter::count)
							.isEqualTo(2.0);
						assertThat(registry.get("watermill.process").tag("mill", "of-child").timer().count())
							.isEqualTo(2);
					});
				assertThat(registry.find("watermill.elements.read").tag("mill", "of-child").meters()).isEmpty();
				assertThat(registry.find("watermill.elements.read").tag("mill", "of-parent").meters()).isNotEmpty();
			});
	}

	@Test
	void reachesTheTopicsOfTheChildUnderItsOwnPrefix() {
		ApplicationContextRunner kafka = MillsRunner.kafkaRunner(this.directory, "localhost:1");
		kafka.withPropertyValues("spring.application.name=parent", "watermill.streams.a.topic=as").run((parent) -> {
			assertThat(groupOfA(parent)).isEqualTo("parent-mill-a");
			kafka.withParent(parent)
				.withPropertyValues("spring.application.name=child")
				.run((child) -> assertThat(groupOfA(child)).isEqualTo("child-mill-a"));
		});
	}

	private static String groupOfA(ApplicationContext context) {
		Broker broker = context.getBean(StreamBindings.class).get("a", "mill").broker();
		return broker.source(new StreamDefinition<>("a", A.class, Map.of("topic", "as")))
			.reservedNames(new LaneId("mill", 0))
			.iterator()
			.next()
			.name();
	}

	@WaterMillProcessor("of-parent")
	static class OfParent {

		@ToStream("b")
		A function(A a) {
			return a;
		}

	}

	@WaterMillProcessor("of-child")
	static class OfChild {

		@ToStream("c")
		A function(A a) {
			return a;
		}

	}

	record A(long time) {

	}

}
