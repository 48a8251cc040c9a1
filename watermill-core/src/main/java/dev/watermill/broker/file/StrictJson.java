package dev.watermill.broker.file;

import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
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
	 * primitive.
	 * @param mapper the mapper
	 * @return a copy
	 */
	public static JsonMapper of(JsonMapper mapper) {
		return mapper.rebuild()
			.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
			.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
			.enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
			.withCoercionConfig(LogicalType.Integer,
					(config) -> config.setCoercion(CoercionInputShape.String, CoercionAction.Fail)
						.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail)
						.setCoercion(CoercionInputShape.Float, CoercionAction.Fail))
			.withCoercionConfig(LogicalType.Float,
					(config) -> config.setCoercion(CoercionInputShape.String, CoercionAction.Fail)
						.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
			.build();
	}

}
