package dev.watermill.spring.expression.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.watermill.spring.expression.internal.Operand.OfObject;
import dev.watermill.stream.RecordFact;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.core.ResolvableType;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.CompoundExpression;
import org.springframework.expression.spel.ast.Elvis;
import org.springframework.expression.spel.ast.FunctionReference;
import org.springframework.expression.spel.ast.Indexer;
import org.springframework.expression.spel.ast.InlineList;
import org.springframework.expression.spel.ast.Literal;
import org.springframework.expression.spel.ast.MethodReference;
import org.springframework.expression.spel.ast.OpAnd;
import org.springframework.expression.spel.ast.OpDivide;
import org.springframework.expression.spel.ast.OpEQ;
import org.springframework.expression.spel.ast.OpGE;
import org.springframework.expression.spel.ast.OpGT;
import org.springframework.expression.spel.ast.OpLE;
import org.springframework.expression.spel.ast.OpLT;
import org.springframework.expression.spel.ast.OpMinus;
import org.springframework.expression.spel.ast.OpModulus;
import org.springframework.expression.spel.ast.OpMultiply;
import org.springframework.expression.spel.ast.OpNE;
import org.springframework.expression.spel.ast.OpOr;
import org.springframework.expression.spel.ast.OpPlus;
import org.springframework.expression.spel.ast.OperatorNot;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.expression.spel.ast.SpelNodeImpl;
import org.springframework.expression.spel.ast.StringLiteral;
import org.springframework.expression.spel.ast.Ternary;

/**
 * Turns SpEL's syntax tree into functions, from the leaves up. Every operator is compiled
 * here, wherever it stands, so none of them is ever SpEL's own.
 */
final class ExpressionCompiler {

	private static final Map<Class<?>, Arithmetic> ARITHMETIC = Map.of(OpPlus.class, Arithmetic.PLUS, OpMinus.class,
			Arithmetic.MINUS, OpMultiply.class, Arithmetic.TIMES, OpDivide.class, Arithmetic.DIVIDE, OpModulus.class,
			Arithmetic.REMAINDER);

	private static final Map<Class<?>, Comparison> COMPARISONS = Map.of(OpEQ.class, Comparison.EQUAL, OpNE.class,
			Comparison.NOT_EQUAL, OpLT.class, Comparison.LESS, OpLE.class, Comparison.LESS_OR_EQUAL, OpGT.class,
			Comparison.GREATER, OpGE.class, Comparison.GREATER_OR_EQUAL);

	private final Scope scope;

	private final ExpressionText source;

	private final SpelNode root;

	private final RecordOperands record;

	private final OfObject element;

	private final Literals literals;

	private final ArithmeticOperators arithmetic;

	private final ComparisonOperators comparisons;

	private final Conditions conditions;

	private final Conversions conversions;

	private final Navigation navigation;

	private final Indexing indexing;

	ExpressionCompiler(Scope scope, ExpressionText source) {
		this.scope = scope;
		this.source = source;
		boolean json = JsonNode.class.isAssignableFrom(scope.elementType().resolve(Object.class));
		this.root = source.parse();
		this.record = new RecordOperands(scope, this.root);
		this.element = this.record
			.element((json || isDynamic()) ? ResolvableType.forClass(Object.class) : scope.elementType());
		this.literals = new Literals(scope, source);
		WholeNumbers wholeNumbers = new WholeNumbers(scope);
		this.arithmetic = new ArithmeticOperators(scope, wholeNumbers, new DecimalNumbers(scope, wholeNumbers));
		this.comparisons = new ComparisonOperators(scope);
		this.conditions = new Conditions(scope);
		this.conversions = new Conversions(scope);
		this.navigation = new Navigation(scope);
		this.indexing = new Indexing(scope);
	}

	private boolean isDynamic() {
		return this.scope.typing() == Typing.DYNAMIC;
	}

	Operand compile() {
		return compile(this.root);
	}

	/**
	 * What the operand is computed of besides the element.
	 */
	Set<RecordFact> facts() {
		return this.record.facts();
	}

	private Operand compile(SpelNode node) {
		return typed(operand(node));
	}

	private Operand typed(Operand operand) {
		return (isDynamic()) ? operand.untyped() : operand;
	}

	private Operand operand(SpelNode node) {
		String text = ExpressionText.textOf(node);
		Operand literal = this.literals.literal(node, text);
		if (literal != null) {
			return literal;
		}
		if (ARITHMETIC.containsKey(node.getClass())) {
			return arithmetic(ARITHMETIC.get(node.getClass()), node, text);
		}
		Operand ofRecord = this.record.operand(node, text);
		if (ofRecord != null) {
			return ofRecord;
		}
		if (node instanceof FunctionReference) {
			return function(node, text);
		}
		if (node instanceof InlineList) {
			return this.literals.list(operands(node), text);
		}
		if (COMPARISONS.containsKey(node.getClass())) {
			return this.comparisons.compare(COMPARISONS.get(node.getClass()), child(node, 0), child(node, 1), text);
		}
		if (node instanceof CompoundExpression steps) {
			return compound(steps);
		}
		Operand condition = condition(node, text);
		return (condition != null) ? condition : step(this.element, node, text);
	}

	private @Nullable Operand condition(SpelNode node, String text) {
		if (node instanceof Ternary) {
			return this.conditions.choose(child(node, 0), child(node, 1), child(node, 2), text);
		}
		if (node instanceof Elvis) {
			return this.conditions.orElse(child(node, 0), child(node, 1), text);
		}
		if (node instanceof OpAnd) {
			return this.conditions.and(child(node, 0), child(node, 1), text);
		}
		if (node instanceof OpOr) {
			return this.conditions.or(child(node, 0), child(node, 1), text);
		}
		return (node instanceof OperatorNot) ? this.conditions.not(child(node, 0), text) : null;
	}

	private Operand compound(CompoundExpression node) {
		Operand key = this.record.keyWithFields(node);
		Operand operand = (key != null) ? key : compile(node.getChild(0));
		StringBuilder text = new StringBuilder(ExpressionText.textOf(node.getChild(0)));
		for (int i = 1; i < node.getChildCount(); i++) {
			SpelNode step = node.getChild(i);
			text.append((isNullSafe(step)) ? "?." : ((step instanceof Indexer) ? "" : "."))
				.append(ExpressionText.textOf(step));
			operand = typed(step(operand, step, text.toString()));
		}
		return operand;
	}

	private static boolean isNullSafe(SpelNode step) {
		return step instanceof SpelNodeImpl node && node.isNullSafe();
	}

	private Operand step(Operand from, SpelNode node, String text) {
		if (node instanceof PropertyOrFieldReference property) {
			return this.navigation.property(from, property.getName(), property.isNullSafe(), text);
		}
		if (node instanceof MethodReference method) {
			return this.navigation.method(from, method.getName(), operands(node), method.isNullSafe(), text);
		}
		if (node instanceof Indexer indexer) {
			return item(from, indexer, text);
		}
		throw Construct.refusalOf(node, this.scope);
	}

	private Operand item(Operand from, Indexer indexer, String text) {
		SpelNode index = indexer.getChild(0);
		if (index instanceof StringLiteral name) {
			// The spelling for fields whose names are words of the language
			String property = String.valueOf(name.getLiteralValue().getValue());
			return this.navigation.property(from, property, indexer.isNullSafe(), text);
		}
		boolean bareName = index instanceof PropertyOrFieldReference;
		return this.indexing.index(from, compile(index), bareName, indexer.isNullSafe(), text);
	}

	private Operand arithmetic(Arithmetic operator, SpelNode node, String text) {
		if (node.getChildCount() == 2) {
			return this.arithmetic.compute(operator, child(node, 0), child(node, 1), text);
		}
		Operand literal = (operator == Arithmetic.MINUS) ? this.literals.negated(node.getChild(0), text) : null;
		return (literal != null) ? literal : this.arithmetic.sign(operator == Arithmetic.MINUS, child(node, 0), text);
	}

	private Operand function(SpelNode node, String text) {
		for (Arithmetic operator : Arithmetic.values()) {
			if (operator.isFunction() && text.startsWith(operator.symbol() + "(")) {
				if (node.getChildCount() != 2) {
					throw this.scope.refuse(operator.symbol() + " takes two numbers",
							"Write " + operator.symbol() + "(a, b).");
				}
				return this.arithmetic.compute(operator, child(node, 0), child(node, 1), text);
			}
		}
		for (Conversion conversion : Conversion.values()) {
			if (text.startsWith(conversion.symbol() + "(")) {
				boolean literal = node.getChildCount() == 1 && node.getChild(0) instanceof Literal;
				return this.conversions.call(conversion, operands(node), literal, text);
			}
		}
		throw Construct.refusalOf(node, this.scope);
	}

	private Operand child(SpelNode node, int index) {
		return compile(node.getChild(index));
	}

	private List<Operand> operands(SpelNode node) {
		List<Operand> operands = new ArrayList<>();
		for (int i = 0; i < node.getChildCount(); i++) {
			operands.add(child(node, i));
		}
		return operands;
	}

}
