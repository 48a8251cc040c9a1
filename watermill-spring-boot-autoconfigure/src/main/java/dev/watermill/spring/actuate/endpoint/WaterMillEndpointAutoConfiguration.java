package dev.watermill.spring.actuate.endpoint;

import java.time.Clock;

import dev.watermill.spring.mill.Mills;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.EndpointAccessResolver;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the {@link WaterMillEndpoint}.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE)
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnBean(Mills.class)
@ConditionalOnAvailableEndpoint(WaterMillEndpoint.class)
public final class WaterMillEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	MillHistory watermillMillHistory(ApplicationContext context) {
		return new MillHistory(Mills.of(context), Clock.systemUTC());
	}

	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	WaterMillEndpoint watermillEndpoint(ApplicationContext context, MillHistory watermillMillHistory,
			ObjectProvider<EndpointAccessResolver> accessResolver) {
		EndpointAccessResolver resolver = accessResolver.getIfAvailable();
		Access access = (resolver != null) ? resolver.accessFor(EndpointId.of("watermill"), Access.UNRESTRICTED)
				: Access.UNRESTRICTED;
		return new WaterMillEndpoint(Mills.of(context), access == Access.UNRESTRICTED, watermillMillHistory);
	}

	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	@ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
	WaterMillEndpointWebExtension watermillEndpointWebExtension(WaterMillEndpoint endpoint) {
		return new WaterMillEndpointWebExtension(endpoint);
	}

}
