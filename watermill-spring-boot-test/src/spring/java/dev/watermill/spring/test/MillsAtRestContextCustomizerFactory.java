package dev.watermill.spring.test;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.BootstrapWith;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.TestContextAnnotationUtils;

/**
 * Lets mills not start by themselves in tests of Spring Boot, unless the test asks for
 * it.
 */
class MillsAtRestContextCustomizerFactory implements ContextCustomizerFactory {

	@Override
	public @Nullable ContextCustomizer createContextCustomizer(Class<?> testClass,
			List<ContextConfigurationAttributes> configAttributes) {
		boolean ofSpringBoot = TestContextAnnotationUtils.hasAnnotation(testClass, BootstrapWith.class);
		return ofSpringBoot ? new MillsAtRest() : null;
	}

	/**
	 * Equal to others of its kind, so that tests share contexts.
	 */
	private record MillsAtRest() implements ContextCustomizer {

		private static final String PROPERTY = "watermill.auto-startup";

		@Override
		public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration mergedConfig) {
			ConfigurableEnvironment environment = context.getEnvironment();
			if (environment.getProperty(PROPERTY) == null) {
				environment.getPropertySources()
					.addLast(new MapPropertySource("WaterMill test", Map.of(PROPERTY, "false")));
			}
		}

	}

}
