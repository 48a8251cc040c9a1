package dev.watermill.spring.expression.internal;

import java.util.Map;

import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.Assign;
import org.springframework.expression.spel.ast.BeanReference;
import org.springframework.expression.spel.ast.ConstructorReference;
import org.springframework.expression.spel.ast.FunctionReference;
import org.springframework.expression.spel.ast.InlineMap;
import org.springframework.expression.spel.ast.OpDec;
import org.springframework.expression.spel.ast.OpInc;
import org.springframework.expression.spel.ast.OperatorBetween;
import org.springframework.expression.spel.ast.OperatorInstanceof;
import org.springframework.expression.spel.ast.OperatorMatches;
import org.springframework.expression.spel.ast.OperatorPower;
import org.springframework.expression.spel.ast.Projection;
import org.springframework.expression.spel.ast.Selection;
import org.springframework.expression.spel.ast.TypeReference;
import org.springframework.expression.spel.ast.VariableReference;

/**
 * The constructs of SpEL that key expressions don't have.
 *
 * @param name what the construct is called
 * @param action what to write instead
 */
record Construct(String name, String action) {

	private static final String DATA_ONLY = "A key is computed from the fields of the element, and from #key, #timestamp and "
			+ "#header(\"name\") of its record.";

	private static final Map<Class<? extends SpelNode>, Construct> REFUSED = Map.ofEntries(
			Map.entry(TypeReference.class, new Construct("a type T(...)", DATA_ONLY)),
			Map.entry(ConstructorReference.class, new Construct("a constructor 'new'", DATA_ONLY)),
			Map.entry(BeanReference.class, new Construct("a bean reference '@'", DATA_ONLY)),
			Map.entry(VariableReference.class, new Construct("a variable",
					"Name a field of the element without '#', use a literal, or #key or #timestamp of its record.")),
			Map.entry(FunctionReference.class,
					new Construct("a function", "The functions are #floorDiv(a, b), #floorMod(a, b),"
							+ " #long(text), #decimal(text), #instant(textOrEpochMillis) and #header(\"name\").")),
			Map.entry(Assign.class, new Construct("an assignment '='", "Compare with '=='; a key changes nothing.")),
			Map.entry(OpInc.class, new Construct("an increment '++'", "Write '+ 1'; a key changes nothing.")),
			Map.entry(OpDec.class,
					new Construct("a decrement '--'", "Write '- 1', or '- (-1)'; a key changes nothing.")),
			Map.entry(OperatorPower.class, new Construct("the power operator '^'", "Multiply.")),
			Map.entry(OperatorMatches.class, new Construct("the operator 'matches'", "Compare with '=='.")),
			Map.entry(OperatorBetween.class, new Construct("the operator 'between'", "Use '>=' and '<='.")),
			Map.entry(OperatorInstanceof.class, new Construct("the operator 'instanceof'", DATA_ONLY)),
			Map.entry(Projection.class,
					new Construct("a projection '.![...]'", "Name single items, such as items[0].")),
			Map.entry(Selection.class, new Construct("a selection '.?[...]'", "Name single items, such as items[0].")),
			Map.entry(InlineMap.class, new Construct("a map '{a: b}'", "Use a list {a, b} for several keys.")));

	static ExpressionException refusalOf(SpelNode node, Scope scope) {
		Construct construct = REFUSED.getOrDefault(node.getClass(), new Construct("this construct", DATA_ONLY));
		return scope.refuse(
				"it contains " + construct.name + ", which key expressions do not have: " + ExpressionText.textOf(node),
				construct.action);
	}

}
