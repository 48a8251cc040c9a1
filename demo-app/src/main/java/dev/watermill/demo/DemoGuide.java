package dev.watermill.demo;

import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;

import dev.watermill.Mill;
import dev.watermill.engine.MillListener;
import dev.watermill.engine.MillState;
import dev.watermill.engine.Output;
import dev.watermill.spring.MillCustomizer;
import dev.watermill.spring.mill.Mills;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;

/**
 * Says what the mills did, where it lies and how to look further.
 */
@Configuration(proxyBeanMethods = false)
class DemoGuide {

	private static final Logger logger = LoggerFactory.getLogger("demo");

	@Bean
	static MillCustomizer tellWhenCompleted(ObjectProvider<Mills> mills) {
		return (builder) -> {
			String name = builder.name();
			builder.listener(new MillListener() {

				@Override
				public void changed(MillState state) {
					Mill mill = mills.getObject().get(name);
					if (state == MillState.COMPLETED && mill != null) {
						logger.info("{}", describe(mill));
					}
				}

			});
		};
	}

	private static String describe(Mill mill) {
		String read = mill.counters()
			.inputs()
			.entrySet()
			.stream()
			.map((input) -> input.getValue().read() + " of " + input.getKey())
			.collect(Collectors.joining(", "));
		String written = mill.outputs()
			.stream()
			.map((output) -> mill.counters().results().get(output.stream()) + " results -> " + place(output))
			.collect(Collectors.joining(", "));
		return String.format(Locale.ROOT, "%-16s read %s; %s", mill.name(), read, written);
	}

	private static String place(Output output) {
		return String.valueOf(output.sink().resource());
	}

	@EventListener
	void tellHowToLookFurther(ApplicationReadyEvent event) {
		Environment environment = event.getApplicationContext().getEnvironment();
		String server = "http://localhost:" + environment.getProperty("local.server.port", "8080");
		String base = server + "/actuator";
		boolean second = environment.matchesProfiles("second");
		String mill = second ? "fleet-speed" : "robot-activity";
		logger.info("The mill '{}' goes on until you stop the demo with Ctrl+C. Meanwhile, look at:", mill);
		logger.info("  {}/                                  the console: all mills at work", server);
		logger.info("  curl {}/watermill                       all mills", base);
		logger.info("  curl {}/watermill/{}        one of them, again and again", base, mill);
		logger.info("  curl {}/health                          are they well?", base);
		logger.info("  curl {}/prometheus | grep watermill     their metrics", base);
		if (!second) {
			logger.info("  tail -f {}", Path.of("out/robot-activity.jsonl").toAbsolutePath());
		}
	}

}
