mod expansion;
mod robustness;
