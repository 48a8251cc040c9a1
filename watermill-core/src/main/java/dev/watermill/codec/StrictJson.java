package dev.watermill.codec;

import dev.watermill.codec.internal.InputFactory;
import dev.watermill.codec.internal.StrictModule;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * How mills read JSON: a type names only the properties it needs, and what is there must
 * be what it is taken for. In a Spring Boot application mills do so by themselves; a
 * broker that is made by hand reads as the mapper does that it is given:
 *
 * <pre class="code">
 * KafkaBroker.builder(clients, StrictJson.of(mapper)).build()
 * </pre>
 *
 * @since 0.1.0
 */
public final class StrictJson {

	private StrictJson() {
	}

	/**
	 * Return a copy of a mapper that ignores properties a type does not have, but refuses
	 * a text as a number, a fraction as an integer and {@code null}, or nothing, as a
	 * primitive. {@code 1.0} and {@code 1e3} are integers. Bytes are UTF-8, times keep
	 * the offset they are written with, and what one element may take is bounded.
	 * @param mapper the mapper, which stays as it is
	 * @return a copy, which is thread-safe as every mapper is
	 */
	public static JsonMapper of(JsonMapper mapper) {
		return InputFactory.of(mapper.rebuild()
			.addModule(new StrictModule())
			.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
			.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
			.enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
			.disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
			.withCoercionConfig(LogicalType.Integer,
					(config) -> config.setCoercion(CoercionInputShape.String, CoercionAction.Fail)
						.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail)
						.setCoercion(CoercionInputShape.Float, CoercionAction.Fail))
			.withCoercionConfig(LogicalType.Float,
					(config) -> config.setCoercion(CoercionInputShape.String, CoercionAction.Fail)
						.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
			.build());
	}

}
