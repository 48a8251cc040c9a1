package dev.watermill.spring.properties;

import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.BindHandler;

/**
 * Refuses settings under {@code watermill} that do not exist. Spring Boot's own way to do
 * so would refuse, besides, those that are left empty.
 *
 * @since 0.1.0
 */
public final class UnknownPropertyGuard implements ConfigurationPropertiesBindHandlerAdvisor {

	@Override
	public BindHandler apply(BindHandler bindHandler) {
		return new UnknownPropertyBindHandler(bindHandler);
	}

}
