import fc from 'fast-check';

// That a mutant is noticed is enough; nobody reads the shortest plan that shows it.
fc.configureGlobal({ endOnFailure: true });
