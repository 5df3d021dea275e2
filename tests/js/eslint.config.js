// What every script of the app obeys, and its tests; run from the top: eslint --config tests/js/eslint.config.js
import js from "@eslint/js";
import stylistic from "@stylistic/eslint-plugin";
import globals from "globals";

const LONGEST_LINE = 120;

const rules = {
  ...js.configs.recommended.rules,

  // What is wrong more often than not.
  "array-callback-return": "error",
  "consistent-return": "off", // `return act();` ends a function early
  "default-case-last": "error",
  "eqeqeq": "error",
  "no-constructor-return": "error",
  "no-duplicate-imports": "error",
  "no-promise-executor-return": "error",
  "no-self-compare": "error",
  "no-shadow": ["error", { hoist: "functions", builtinGlobals: false }],
  "no-template-curly-in-string": "error",
  "no-unmodified-loop-condition": "error",
  "no-unreachable-loop": "error",
  "no-unused-vars": ["error", { ignoreRestSiblings: true, args: "after-used" }],
  "no-use-before-define": ["error", { functions: false, classes: false, variables: false }],
  "require-atomic-updates": "error",

  // What would be another way to say the same.
  "curly": ["error", "multi-line"],
  "dot-notation": "error",
  "logical-assignment-operators": "error",
  "no-else-return": "error",
  "no-extra-bind": "error",
  "no-lonely-if": "error",
  "no-throw-literal": "error",
  "no-undef-init": "error",
  "no-unneeded-ternary": "error",
  "no-useless-computed-key": "error",
  "no-useless-concat": "error",
  "no-useless-constructor": "error",
  "no-useless-rename": "error",
  "no-useless-return": "error",
  "no-var": "error",
  "object-shorthand": "error",
  "operator-assignment": "error",
  "prefer-arrow-callback": "error",
  "prefer-const": ["error", { destructuring: "all" }],
  "prefer-object-has-own": "error",
  "prefer-object-spread": "error",
  "prefer-promise-reject-errors": "error",
  "prefer-rest-params": "error",
  "prefer-spread": "error",
  "prefer-template": "error",

  // What would let a text from outside run.
  "no-eval": "error",
  "no-implied-eval": "error",
  "no-new-func": "error",
  "no-script-url": "error",

  // What fits in a glance.
  "complexity": ["error", 10],
  "max-depth": ["error", 3],
  "max-lines": ["error", { max: 350 }],
  "max-lines-per-function": ["error", { max: 40 }],
  "max-nested-callbacks": ["error", 4],
  "max-params": ["error", 5],
  "@stylistic/max-len": ["error", { code: LONGEST_LINE, ignoreUrls: true }],
  "@stylistic/no-tabs": "error",
  "@stylistic/no-trailing-spaces": "error",
  "@stylistic/quotes": ["error", "double", { avoidEscape: true, allowTemplateLiterals: "avoidEscape" }],
  "@stylistic/semi": "error",
  "@stylistic/comma-dangle": ["error", "always-multiline"],
  "@stylistic/eol-last": "error",
};

/** A module that waits at its top level is not ready when another one that is imported at the same time needs it. */
const waiting = ["AwaitExpression", "ForOfStatement[await=true]"].map((kind) => ({
  selector: `${kind}:not(:function ${kind})`, message: "No await at the top level of a script.",
}));

const language = { ecmaVersion: 2024, sourceType: "module" };

export default [
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["components/**/*.js"],
    plugins: { "@stylistic": stylistic },
    languageOptions: { ...language, globals: globals.browser },
    rules: { ...rules, "no-console": ["error", { allow: ["warn"] }], "no-restricted-syntax": ["error", ...waiting] },
  },
  {
    files: ["tests/js/**/*.js"],
    plugins: { "@stylistic": stylistic },
    languageOptions: { ...language, globals: globals.node },
    rules,
  },
];
