package dev.watermill.spring.properties.internal;

import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * Refuses settings under {@code watermill} that do not exist. Spring Boot's own way to do
 * so would refuse, besides, those that are left empty. What is under the prefix of other
 * {@link ConfigurationProperties @ConfigurationProperties}, as that of the console, is
 * left to these.
 *
 * @since 0.1.0
 */
public final class UnknownPropertyGuard implements ConfigurationPropertiesBindHandlerAdvisor {

	private final ListableBeanFactory beanFactory;

	private final BooleanSupplier part;

	/**
	 * Create a guard.
	 * @param beanFactory the beans of the application, among them those that are bound to
	 * settings
	 * @param part tells whether this is a part of the application, so that there are
	 * settings for modules that are not in it
	 */
	public UnknownPropertyGuard(ListableBeanFactory beanFactory, BooleanSupplier part) {
		this.beanFactory = beanFactory;
		this.part = part;
	}

	@Override
	public BindHandler apply(BindHandler bindHandler) {
		return new UnknownPropertyBindHandler(bindHandler, this::trees, this.part);
	}

	private Set<ConfigurationPropertyName> trees() {
		Set<ConfigurationPropertyName> trees = new HashSet<>();
		for (String bean : this.beanFactory.getBeanDefinitionNames()) {
			// No factory is asked for its object: settings are bound before most beans
			// exist
			ConfigurationProperties properties = this.beanFactory.findAnnotationOnBean(bean,
					ConfigurationProperties.class, false);
			if (properties != null && ConfigurationPropertyName.isValid(properties.prefix())) {
				trees.add(ConfigurationPropertyName.of(properties.prefix()));
			}
		}
		return trees;
	}

}
