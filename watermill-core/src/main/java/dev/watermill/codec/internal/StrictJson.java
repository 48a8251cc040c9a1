package dev.watermill.codec.internal;

import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * How mills read JSON: a type names only the properties it needs, and what is there must
 * be what it is taken for.
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
	 * the offset they are written with, and {@link ReadLimits} bound what is read.
	 * @param mapper the mapper
	 * @return a copy
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
